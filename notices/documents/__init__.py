"""Official documents after GB/T 9704-2012: read from plain text, built in a program, printed.

    reading = parsing.read(content)              a file's bytes -> document, findings
    document = Document(head=..., parts=...)     or built by another room (document.py)
    plain_text.to_text(document)                 the text in which a notice is kept and edited
    rendering.render(document)                   -> common.pdf.Pdf, by a job, never by the web
    comparison.missing_lines(text, pdf, ...)     what of the text isn't in the print

Pure Python on common.pdf: no database, no settings.
"""
