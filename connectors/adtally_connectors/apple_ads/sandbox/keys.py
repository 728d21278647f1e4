"""The key pair of the sandbox, and how the client secrets that are signed with it are checked.

Source: Apple Ads Platform API 1.0, "Access overview" (read 2026-11). The private key is the number 7 on the
curve P-256: everybody knows it, so that it can open nothing but a sandbox. Needs PyJWT with cryptography.
"""

from __future__ import annotations

PRIVATE_NUMBER = 7
CLIENT_ID, TEAM_ID, KEY_ID = "SEARCHADS.sandbox-client", "SEARCHADS.sandbox-team", "sandbox-key"
AUDIENCE = "https://appleid.apple.com"
LONGEST_SECONDS = 180 * 86_400


def private_pem() -> str:
    """The sandbox's private key as PEM text."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - an extra
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.derive_private_key(PRIVATE_NUMBER, ec.SECP256R1())
    form, nothing = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, nothing).decode("ascii")


def table() -> dict[str, object]:
    """How config.toml reaches the sandbox."""
    return {
        "client_id": CLIENT_ID,
        "team_id": TEAM_ID,
        "key_id": KEY_ID,
        "private_key": private_pem(),
        "requests_per_second": 1000,
    }


def is_signed(secret: str) -> bool:
    """Whether the client secret is one that Apple would take."""
    import jwt  # noqa: PLC0415 - an extra
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    key = load_pem_private_key(private_pem().encode("ascii"), password=None)
    try:
        head = jwt.get_unverified_header(secret)
        claims = jwt.decode(
            secret,
            key.public_key(),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
            algorithms=["ES256"],
            audience=AUDIENCE,
            issuer=TEAM_ID,
            subject=CLIENT_ID,
            options={"require": ["iss", "sub", "aud", "iat", "exp"]},
        )
    except jwt.PyJWTError:
        return False
    return head.get("kid") == KEY_ID and claims["exp"] - claims["iat"] <= LONGEST_SECONDS
