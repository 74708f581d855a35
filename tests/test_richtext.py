import pytest

from proposals import richtext

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ett stycke.\n\nEtt till.", "<p>Ett stycke.</p>\n<p>Ett till.</p>\n"),
        ("En rad\nen till", "<p>En rad<br>\nen till</p>\n"),
        ("- ett\n- två", "<ul>\n<li>ett</li>\n<li>två</li>\n</ul>\n"),
        ("# Rubrik", "<h3>Rubrik</h3>\n"),
        ("##### Rubrik", "<h3>Rubrik</h3>\n"),
        ("**fet** och *kursiv*", "<p><strong>fet</strong> och <em>kursiv</em></p>\n"),
        ("[Länk](https://example.com/a)", '<p><a href="https://example.com/a">Länk</a></p>\n'),
        ("[Mejl](mailto:a@example.com)", '<p><a href="mailto:a@example.com">Mejl</a></p>\n'),
        ("A & B < C", "<p>A &amp; B &lt; C</p>\n"),
        ("`kod` > citat | tabell ~~strykning~~", "<p>`kod` &gt; citat | tabell ~~strykning~~</p>\n"),
        ("5*3*2 kr, a_b_c", "<p>5*3*2 kr, a_b_c</p>\n"),
        ("•\tett\n\uf0b7 två\n§\ttre", "<ul>\n<li>ett</li>\n<li>två</li>\n<li>tre</li>\n</ul>\n"),
        ("– ett\n– två", "<ul>\n<li>ett</li>\n<li>två</li>\n</ul>\n"),
        ("• ett\no\ttvå", "<ul>\n<li>ett\n<ul>\n<li>två</li>\n</ul>\n</li>\n</ul>\n"),
        ("o ett", "<p>o ett</p>\n"),
        ("§ 5 i lagen", "<p>§ 5 i lagen</p>\n"),
        ("”https://example.com/a”.", '<p>”<a href="https://example.com/a">https://example.com/a</a>”.</p>\n'),
        ("(se https://example.com/a)", '<p>(se <a href="https://example.com/a">https://example.com/a</a>)</p>\n'),
        (r"C:\_mapp\*.docx", "<p>C:\\_mapp\\*.docx</p>\n"),
        ("", ""),
    ],
)
def test_light_markdown_becomes_html(typed, shown):
    assert richtext.html(typed) == shown


@pytest.mark.parametrize(
    "scheme", ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "/admin/"]
)
def test_a_link_that_is_not_to_the_web_or_to_a_mailbox_is_text(scheme):
    assert "<a" not in richtext.html(f"[klicka]({scheme})")


def test_html_is_shown_as_the_characters_it_is():
    assert richtext.html("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
    assert richtext.html('<img src=x onerror="alert(1)">').startswith("<p>&lt;img")


def test_an_image_is_not_fetched_from_elsewhere():
    assert "<img" not in richtext.html("![spår](https://example.com/pixel.gif)")


def test_plain_is_the_words_alone():
    typed = "# Rubrik\n\nEtt **fett** ord,\nen [länk](https://example.com).\n\n- punkt"
    assert richtext.plain(typed) == "Rubrik Ett fett ord, en länk. punkt"


def test_excerpt_ends_at_a_whole_word():
    assert richtext.excerpt("Ett två tre fyra fem", length=14) == "Ett två tre …"


def test_excerpt_of_a_short_text_is_the_text():
    assert richtext.excerpt("Ett & två") == "Ett & två"


def test_excerpt_of_one_long_word_is_cut():
    assert richtext.excerpt("x" * 1000, length=20) == "x" * 19 + " …"
