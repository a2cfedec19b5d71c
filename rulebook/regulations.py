"""The regulations and their editions.

Dates stand here as far as the bureau's sources tell them: a year alone where no day was found. What
has no date there has none here, and is shown as 待核实.
"""

from rulebook.model import Edition, Regulation, Since

BRANCH_WORK = Edition(Regulation("branch_work", "《中国共产党支部工作条例（试行）》"))
TERMS = Edition(
    Regulation("terms", "《关于党的基层组织任期的意见》"), name="2018年", since=Since(2018)
)
ELECTIONS = Edition(
    Regulation("elections", "《中国共产党基层组织选举工作条例》"), name="2020年", since=Since(2020)
)
SCHOOL_PARTY_BUILDING = Edition(
    Regulation("school_party_building", "《关于加强中小学校党的建设工作的意见》"),
    name="2016年",
    since=Since(2016),
)
PRINCIPALS = Edition(
    Regulation("principals", "《关于建立中小学校党组织领导的校长负责制的意见（试行）》"),
    name="2022年",
    since=Since(2022),
)
_DEVELOPMENT = Regulation("development", "《中国共产党发展党员工作细则》")
DEVELOPMENT_2014 = Edition(_DEVELOPMENT, name="2014年版", since=Since(2014))
DEVELOPMENT_2026 = Edition(_DEVELOPMENT, name="2026年5月版", since=Since(2026, 5))
LESS_BURDEN = Edition(
    Regulation("less_burden", "《整治形式主义为基层减负若干规定》"),
    name="2024年",
    since=Since(2024),
)
GOVERNMENT_APPS = Edition(Regulation("government_apps", "国办函〔2026〕12号"), since=Since(2026))
# Rules whose document nobody named.
UNNAMED = Edition(Regulation("unnamed"))
