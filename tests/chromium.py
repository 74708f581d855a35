"""The browser for tests and screenshots."""

import shutil

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MISSING = "Browser tests left out: no Chromium found. Install Debian's package chromium."
# Root, as in CI, has no sandbox, and a small machine no shared memory to speak of
LAUNCH = {"executable_path": PROGRAM, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}
