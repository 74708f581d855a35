"""The colours of the light scheme in static/css/tokens.css, for generated files."""

INK = "14252a"
QUIET = "4b5e64"
ACCENT = "0b5566"
RULE = "9fb0b5"  # borders
