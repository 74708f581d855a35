import hashlib
import re
import secrets

KEY_LENGTH = 43
DIGEST_LENGTH = 64


def new_key():
    """A URL-safe secret of 256 random bits."""
    return secrets.token_urlsafe(32)


def is_key(text):
    return bool(re.fullmatch(rf"[A-Za-z0-9_-]{{{KEY_LENGTH}}}", text))


def digest_of(key):
    """SHA-256 without a salt: enough for a key that nobody can guess."""
    return hashlib.sha256(key.encode()).hexdigest()
