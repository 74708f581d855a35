"""Import proposals from a Word or text document.

document (word_file, text_file) → lines → outline → parsing → plan, which `workflow.import_proposals` saves.
"""
