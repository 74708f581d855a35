"""What browsers are told that a page of ours may do: nothing but what it needs."""

from csp.utils import build_policy
from django.conf import settings

# None of it is used, by us or by anything that somebody might manage to put into a page
UNUSED = [
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen"),
    *("geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi"),
    *("otp-credentials", "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial"),
    *("usb", "window-management", "xr-spatial-tracking"),
]


class Policies:
    """The middleware that sets Content-Security-Policy and Permissions-Policy, the same on every answer.

    Outside all that may answer by itself, such as what hands out files, and all that may fail.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": build_policy(),
            "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
        }

    def __call__(self, request):
        response = self.get_response(request)
        # Django's own pages for a developer bring styles and scripts with them
        if not (settings.DEBUG and response.status_code in (404, 500)):
            for name, value in self.headers.items():
                response.headers[name] = value
        return response
