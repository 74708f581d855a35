import hashlib
import secrets

KEY_LENGTH = 43
DIGEST_LENGTH = 64


def new_key():
    """A secret for a link: 256 random bits in letters that an address can hold."""
    return secrets.token_urlsafe(32)


def digest_of(key):
    """What is stored of a key. A plain hash is enough for one that nobody can guess."""
    return hashlib.sha256(key.encode()).hexdigest()
