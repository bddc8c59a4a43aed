"""Headers that every reply carries: what a page may load, and who may show it."""

from flask import Flask, Response, request

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {value}" for name, value in POLICY.items())


# A view may say these otherwise for its own reply; all others hold without exception.
DEFAULTS = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "X-Frame-Options": "DENY"}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def always(app: Flask) -> dict[str, str]:
    """The headers that no reply of this portal says otherwise."""
    secure = app.config.get("SESSION_COOKIE_SECURE")
    return {**ALWAYS, **({"Strict-Transport-Security": "max-age=31536000"} if secure else {})}


def standing(app: Flask) -> dict[str, str]:
    """All headers of a reply whose view says nothing of its own."""
    return {**DEFAULTS, **always(app), "Cache-Control": "no-store"}


def init_app(app: Flask) -> None:
    """Set the headers once, for every reply."""

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        for name, value in DEFAULTS.items():
            headers.setdefault(name, value)
        headers.update(always(app))
        if request.endpoint not in {"static", "bootstrap.static"}:
            headers.setdefault("Cache-Control", "no-store")
        return response
