"""Reading a document with many proposals: what each says, what isn't sure, and what found no place.

document (word_file, text_file) → lines → outline → reading → plan, which `workflow.import_proposals` saves.
"""
