"""How dates and times are typed, beside what Django knows of Swedish."""
