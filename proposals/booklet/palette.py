"""The colours of the site's light scheme, for files that no style sheet reaches; static/css/site.css has the same."""

INK = "14252a"
QUIET = "4b5e64"
ACCENT = "0b5566"
RULE = "9fb0b5"  # lines on paper
