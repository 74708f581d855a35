"""What people type: the characters that are cleaned away, and what is understood in spite of how it is written.

Fields for forms and models that do so. Knows no model of ours."""
