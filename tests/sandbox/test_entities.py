"""Formatted text: what Telegram makes of HTML and Markdown, and how exactly it complains."""

import pytest

from bot.sandbox.entities import Formatted, detected, trimmed
from bot.sandbox.errors import ApiError
from bot.sandbox.html_text import parse_html
from bot.sandbox.markdown import parse_markdown, parse_markdown_v2
from bot.sandbox.show import as_html


def shape(formatted: Formatted) -> tuple[str, list[tuple[str, int, int]]]:
    found = trimmed(formatted)
    return found.text, [(entity.type, entity.offset, entity.length) for entity in found.entities]


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("ñ <x>", 'Unsupported start tag "x" at byte offset 3'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("2 <", "Unclosed start tag at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href='x'", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href='x", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</i>", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b =x>y</b>", 'Empty attribute name in the tag "b" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_html_is_refused_in_telegrams_words(html: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_html(html)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<B>x</B> > & y", "x > & y", [("bold", 0, 1)]),
        ("<b>x</>y", "xy", [("bold", 0, 1)]),
        ("&lt;&gt;&amp;&quot;&#65;&#x42;&lt x", '<>&"AB< x', []),
        ("&nbsp;&apos;&copy;&#0;", "&nbsp;&apos;&copy;&#0;", []),
        ("😀<i>é</i>", "😀é", [("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        (
            "<strong>a</strong><em>b</em><ins>c</ins><del>d</del>",
            "abcd",
            [
                ("bold", 0, 1),
                ("italic", 1, 1),
                ("underline", 2, 1),
                ("strikethrough", 3, 1),
            ],
        ),
        ("  <b> x </b>  ", "x", [("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ("<a href='no es'>x</a>", "x", []),
        ('<a href="http://a.mx">x</a>', "x", [("text_link", 0, 1)]),
        ("<a href='tg://user?id=5'>x</a>", "x", [("text_mention", 0, 1)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
        ("<code>x</code>", "x", [("code", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<b onclick='x' hidden>x</b>", "x", [("bold", 0, 1)]),
    ],
)
def test_html_becomes_entities(html: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    assert shape(parse_html(html)) == (text, entities)


@pytest.mark.parametrize(
    ("markdown", "reason"),
    [
        ("fin.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a-b", "Character '-' is reserved and must be escaped with the preceding '\\'"),
        ("ñ *x", "Can't find end of Bold entity at byte offset 3"),
        ("`x", "Can't find end of Code entity at byte offset 0"),
        ("[x](http://a.mx", "Can't find end of a URL at byte offset 3"),
    ],
)
def test_bad_markdown_is_refused_in_telegrams_words(markdown: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_markdown_v2(markdown)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("markdown", "text", "entities"),
    [
        (
            "*a* _b_ __c__ ~d~ ||e||",
            "a b c d e",
            [
                ("bold", 0, 1),
                ("italic", 2, 1),
                ("underline", 4, 1),
                ("strikethrough", 6, 1),
                ("spoiler", 8, 1),
            ],
        ),
        ("fin\\. *a _b_*", "fin. a b", [("bold", 5, 3), ("italic", 7, 1)]),
        ("[x](http://a.mx/\\))", "x", [("text_link", 0, 1)]),
        ("```py\nx=1```", "x=1", [("pre", 0, 3)]),
        (">uno\n>dos\ntres", "uno\ndos\ntres", [("blockquote", 0, 7)]),
    ],
)
def test_markdown_becomes_entities(markdown: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    assert shape(parse_markdown_v2(markdown)) == (text, entities)


def test_the_old_markdown_still_works() -> None:
    assert shape(parse_markdown("*a* _b_ [c](http://d.mx) 2\\*2")) == (
        "a b c 2*2",
        [("bold", 0, 1), ("italic", 2, 1), ("text_link", 4, 1)],
    )


def test_what_telegram_finds_by_itself() -> None:
    text = "/abrir@pueblo_bot a@b.mx @ana #obra https://x.mx/a?b=1. 3/4 a/b chalco.gob.mx"
    found = [(entity.type, text[entity.offset : entity.end]) for entity in detected(Formatted(text)).entities]
    assert found == [
        ("bot_command", "/abrir@pueblo_bot"),
        ("email", "a@b.mx"),
        ("mention", "@ana"),
        ("hashtag", "#obra"),
        ("url", "https://x.mx/a?b=1"),
        ("url", "chalco.gob.mx"),
    ]


def test_shown_html_escapes_everything_it_did_not_make() -> None:
    entities = [
        {"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(1)"},
        {"type": "text_link", "offset": 2, "length": 1, "url": 'https://a.mx/"><script>'},
        {"type": "bold", "offset": 4, "length": 3},
        {"type": "italic", "offset": 6, "length": 3},
    ]
    shown = as_html("a b <x> <y", entities)
    assert shown == (
        'a <a href="https://a.mx/&quot;&gt;&lt;script&gt;" target="_blank" rel="noopener noreferrer">b</a>'
        " <b>&lt;x<i>&gt;</i></b> &lt;y"
    )
