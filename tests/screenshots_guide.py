"""The pictures of docs/secretariat.md: a made-up year, walked through by the names that stand on the buttons."""

import tempfile
from base64 import b32decode
from datetime import date, timedelta
from pathlib import Path

from django_otp.oath import totp
from PIL import Image

from tests.server import running

SIZE = {"width": 1100, "height": 720}
COLOURS = 96  # enough for text and our few colours; a third of the bytes
SENT_IN = {
    "Region Dalarna": "Kompetens för den gröna omställningen",
    "Region Gotland": "Så mäter vi nyttan av regionala strategier",
    "Region Halland": "Unga i planeringen",
    "Region Kalmar län": "Kollektivtrafik där få bor",
    "Region Norrbotten": "Snabb etablering, hållbara samhällen",
}
REMINDED = {"Region Skåne": "skane@example.com", "Region Uppsala": "uppsala@example.com"}
DOCUMENT = """1. Gemensam statistik om kulturens värde. Region Sörmland

Vi räknar på olika sätt och kan inte jämföra oss med varandra.

Syfte och mål
Att enas om ett fåtal mått som alla kan använda.

Målgrupp
Analytiker

Kontaktperson
Bo Exempel, strateg, bo@example.com

2. Beredskap i planeringen. Region Värmland

Beredskap har fått en ny betydelse i vårt arbete.

Syfte och mål
Att lära av varandra.

Kontaktperson
Eva Exempel, eva@example.com
"""


def draw(browser, folder):
    """Walk through the year, and write pictures to the folder; gives how many."""
    with tempfile.TemporaryDirectory() as place, running(Path(place), "tests.screenshots_settings") as (port, account):
        walk = Walk(browser, f"http://127.0.0.1:{port}", folder)
        walk.year(account)
        return walk.count


class Walk:
    """One browser, in which the secretariat works."""

    def __init__(self, browser, site, folder):
        self.site, self.folder, self.count = site, folder, 0
        self.context = browser.new_context(viewport=SIZE, locale="sv-SE", timezone_id="Europe/Stockholm")
        self.page = self.context.new_page()

    def year(self, account):
        self.sign_in(account)
        self.open_call()
        self.send_in()
        self.desk()
        self.remind()
        self.read_in()
        self.edit_and_return()
        self.order_and_publish()
        self.after_the_meeting()

    def sign_in(self, account):
        self.to_the_desk()
        self.page.get_by_label("Användarnamn").fill(account.name)
        self.page.get_by_label("Lösenord").fill(account.password)
        self.press("Logga in")
        self.picture("code")
        secret = b32decode(self.page.locator("code.secret").inner_text().replace(" ", ""))
        self.page.get_by_label("Kod").fill(f"{totp(secret):06}")
        self.press("Koppla appen och logga in")
        self.follow("Jag har sparat koderna")

    def open_call(self):
        self.page.goto(f"{self.site}/admin/proposals/meeting/add/")
        self.page.locator("#id_date").fill(str(date.today() + timedelta(days=75)))
        self.page.get_by_label("Inbjudan").fill("Skriv kort. Vi tar upp förslagen på mötet, och väljer tre.")
        self.page.locator("#id_submissions_close_at_0").fill(str(date.today() + timedelta(days=30)))
        self.picture("meeting")
        self.press("Spara")

    def send_in(self):
        """As members do, and one who only saves a draft."""
        for number, (region, title) in enumerate(SENT_IN.items()):
            form = self.context.browser.new_page()
            form.goto(f"{self.site}/forslag/nytt/")
            form.get_by_label("Rubrik").fill(title)
            form.get_by_label("Avsändare").select_option(label=region)
            form.get_by_label("Bakgrund").fill("Frågan är stor för oss, och vi tror att fler har den.")
            form.get_by_label("Namn").first.fill("Anna Exempel")
            form.get_by_label("Din mejladress").fill(f"anna{number}@example.com")
            form.get_by_role("button", name="Spara utkast" if region == "Region Norrbotten" else "Skicka in").click()
            form.close()

    def desk(self):
        self.to_the_desk()
        self.picture("desk")
        self.follow("Förslagen", exact=False)
        self.picture("list")

    def remind(self):
        for region, address in REMINDED.items():
            self.to_the_desk()
            self.follow("Regioner och myndigheter")
            self.follow(region)
            self.page.get_by_label("Medlemsansvarigas e-post").fill(address)
            self.press("Spara")
        self.to_the_desk()
        self.follow("Påminn dem som saknas …")
        self.picture("reminder")
        self.press("Skicka påminnelserna")

    def read_in(self):
        self.to_the_desk()
        self.follow("Läs in dokument")
        document = {"name": "forslag.txt", "mimeType": "text/plain", "buffer": DOCUMENT.encode()}
        self.page.get_by_label("Dokument").set_input_files(document)
        self.press("Visa vad som läses in")
        self.picture("intake")
        self.press("Läs in 2 förslag som inskickade")

    def edit_and_return(self):
        self.to_the_desk()
        self.follow(SENT_IN["Region Halland"])
        self.page.get_by_label("Syfte och mål").fill("Att unga är med från början.")
        self.picture("proposal")
        self.press("Spara och skicka tillbaka …")
        self.page.get_by_label("Vad ska kompletteras?").fill("Vilka ska vara med, och vad ska de kunna efteråt?")
        self.picture("return")
        self.press("Skicka tillbaka")

    def order_and_publish(self):
        self.to_the_desk()
        self.follow("Ordna och publicera", exact=False)
        self.picture("order")
        self.page.get_by_role("button", name="Publicera").click()
        self.picture("publish")
        self.page.get_by_role("button", name="Publicera").click()

    def after_the_meeting(self):
        self.to_the_desk()
        self.follow("Ge någon en sen länk")
        self.page.get_by_label("Till vem").fill("Eva Exempel")
        self.page.get_by_label("E-post").fill("eva@example.com")
        self.page.get_by_label("Varför").fill("Var sjuk sista dagen")
        self.page.locator("#id_expires_at_0").fill(str(date.today() + timedelta(days=40)))
        self.picture("late")
        self.press("Spara")
        self.page.goto(f"{self.site}/admin/auth/user/add/")
        self.picture("account")

    def to_the_desk(self):
        self.page.goto(f"{self.site}/admin/")

    def follow(self, name, exact=True):
        self.page.get_by_role("link", name=name, exact=exact).first.click()

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def picture(self, name):
        path = self.folder / f"guide-{name}.png"
        self.page.evaluate("document.fonts.ready")
        self.page.screenshot(path=path)
        Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        self.count += 1
