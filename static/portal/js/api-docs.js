/* Swagger's own words in Chinese: it comes in English and has no translations. It draws its page as
   one goes along, so what is drawn anew is looked over again. Names out of the schema stay. */
(() => {
  "use strict";
  const WORDS = {
    "Apply credentials": "使用这个令牌",
    "Authorize": "填写令牌",
    "Authorized": "已填写",
    "Available authorizations": "填写令牌",
    "Available values": "可选值",
    "Cancel": "取消",
    "Clear": "清除",
    "Close": "关闭",
    "Code": "状态码",
    "Collapse operation": "收起",
    "Controls": "对应请求头",
    "Copy cURL command to clipboard": "复制 curl 命令",
    "Copy code to clipboard": "复制",
    "Copy path to clipboard": "复制地址",
    "Curl": "curl 命令",
    "Default value": "默认值",
    "Description": "说明",
    "Details": "内容",
    "Download": "下载",
    "Edit Value": "编辑",
    "Errors": "错误",
    "Example Value": "示例",
    "Execute": "发送请求",
    "Expand operation": "展开",
    "Failed to fetch.": "没有连上服务器。",
    "Failed to load API definition.": "接口说明没有读到，请刷新页面。",
    "Fetch error": "读取失败",
    "Headers:": "应答头：",
    "Hide": "收起",
    "Links": "链接",
    "Logout": "清除令牌",
    "Media Type": "格式",
    "Media type": "格式",
    "Name": "名称",
    "No links": "无",
    "No parameters": "没有参数",
    "Parameters": "参数",
    "Please correct the following validation errors and try again.": "请改正以下各项后再发送：",
    "Remove authorization": "清除令牌",
    "Request URL": "请求地址",
    "Request body": "请求正文",
    "Request content type": "请求正文的格式",
    "Request duration": "用时",
    "Required field is not provided": "没有填写",
    "Reset": "还原",
    "Response body": "应答正文",
    "Response content type": "应答正文的格式",
    "Response headers": "应答头",
    "Responses": "应答",
    "Schema": "结构",
    "Schemas": "数据结构",
    "Send empty value": "发送空值",
    "Server response": "服务器的应答",
    "Try it out": "试一试",
    "Type": "类型",
    "Undocumented": "未列入说明",
    "Value:": "令牌：",
    "(http, Bearer)": "（放进 Authorization 头）",
    "auth-bearer-value": "令牌",
    "authorization button locked": "已填写令牌",
    "authorization button unlocked": "填写令牌",
    "header": "请求头",
    "header.": "",
    "path": "地址",
    "query": "查询"
  };
  const SENTENCES = [
    [/^For '(.+)': Required field is not provided\.$/, "“$1”没有填写。"],
    [/^Error: (.*)$/, "出错：$1"]
  ];
  const ATTRIBUTES = ["aria-label", "title"];
  // What stands in the schema, is sent or is answered.
  const LITERAL = "pre, code, textarea, option, .model, div.parameter__name";

  const chinese = (text) => {
    const words = text.trim();
    if (Object.prototype.hasOwnProperty.call(WORDS, words)) {
      return text.replace(words, WORDS[words]);
    }
    const sentence = SENTENCES.find(([pattern]) => pattern.test(words));
    return sentence ? words.replace(sentence[0], sentence[1]) : text;
  };

  const look = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = chinese(node.data);
      // Only what differs is written: each writing is a change that is looked at again.
      if (text !== node.data && node.parentElement && !node.parentElement.closest(LITERAL)) {
        node.data = text;
      }
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      ATTRIBUTES.filter((name) => node.hasAttribute(name)).forEach((name) => {
        const text = chinese(node.getAttribute(name));
        if (text !== node.getAttribute(name)) { node.setAttribute(name, text); }
      });
      node.childNodes.forEach(look);
    }
  };

  const watch = new MutationObserver((changes) => {
    changes.forEach((change) => {
      if (change.type === "childList") {
        change.addedNodes.forEach(look);
      } else {
        look(change.target);
      }
    });
  });
  watch.observe(document.getElementById("swagger-ui"), {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ATTRIBUTES
  });
})();
