"""Lets a browser show a page of its own again when its user goes back.

Such a page, `private` and `no-cache`, is stored by one browser alone. With `Vary: Cookie` that browser could no longer
use it once it has another cookie, and a form that was refused would be lost when the next one has been taken.
"""

OWN_PAGE = {"private", "no-cache"}


class BackMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        directives = {directive.strip() for directive in response.headers.get("Cache-Control", "").split(",")}
        if directives == OWN_PAGE and response.has_header("Vary"):
            names = [name.strip() for name in response.headers["Vary"].split(",")]
            response.headers["Vary"] = ", ".join(name for name in names if name != "Cookie") or "Accept-Encoding"
        return response
