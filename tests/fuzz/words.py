"""What hostile people write. What must never come of it can be told from any message: see `INJECTED`."""

from random import Random
from typing import Any

PRODUCT = "94011"
"""What a template makes of `{{ 31337 * 3 }}`, if it is let."""
EVIL = "https://evil.example/"
# Tags that no template of ours uses: wherever one is at work, somebody's words were taken for markup.
INJECTED = frozenset(
    {"underline", "strikethrough", "spoiler", "pre", "blockquote", "expandable_blockquote", "custom_emoji"}
)

MARKUP = (
    "<u>grande</u>",
    "</b></i><u>",
    f'<a href="{EVIL}">liga</a>',
    f'"><a href="{EVIL}"><script>alert(1)</script>',
    '<tg-spoiler>x</tg-spoiler><pre><code class="language-python">',
    "<blockquote expandable>cita",
    "<",
    "a < b > c & d",
    "&lt;i&gt; &amp;amp; &#60;i&#62; &nbsp; &",
    "<![CDATA[ <u> ]]> <!-- <u> -->",
)
TEMPLATES = (
    "{{ 31337 * 3 }}",
    "{% for a in ''.__class__.__mro__ %}{{ a }}{% endfor %}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{% include '/etc/passwd' %} {# no #} {% raw %}",
    "${31337*3} #{31337*3} %(x)s %s %d {0} {zone} {facts[x]}",
    "__u__ ~~s~~ ||spoiler|| *b* _i_ `c` [liga](tg://user?id=1)",
)
SCRIPTS = (
    "حفل \u202eافتتاح\u202c المعرض",
    "\u2066a\u2069 \u200f\u200e\u061c\ufeff",
    "\u202e" * 40 + "oiraid",
    "Z̷̢̛̹̝̱͕̈́̃a̶̡̞͚͐l̴̙̕g̶̢̠̈́o̵͙̽" * 12,
    "e\u0301" * 30,
    "👩\u200d👩\u200d👧\u200d👦👍🏿🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f🇲🇽",
    "👍",
    "ﷺ" * 60,
    "１２３ ④ ٣ Ⅻ",
    "\u3000\u00a0\u2003\u200b",
    "İıſK",
)
# Nothing that a database can hold as it is.
BROKEN = ("\0", "a\0b", "\ud83d", "Feria \udc00 fin", "\x01\x02\x1b[31m\x7f\x85", "\ufffe\uffff", "\r\n\r\n\v\f")
FIGURES = (
    "9" * 30,
    "-" + "9" * 30,
    "1e308",
    "0x1F",
    "NaN",
    "Infinity",
    "٣٠ de ٢",
    "31/02/2026",
    "30 de febrero de 99999",
    "00:00:00",
    "25:61",
    "del 9 al 2 de enero",
    "-1",
    "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20",
    "1-999999999999",
    "$1.000.000,00.00",
    "1/0",
    "hoy mañana ayer a las 5 y a las 6 o el viernes",
)
QUERIES = (
    "'; DROP TABLE request; --",
    '" OR 1=1 --',
    'NEAR("a" "b", 99999) AND *',
    "request_id:*",
    "a* OR b* NOT c",
    "%_%",
    "\\",
    '"""',
    "(((((((((",
    ":*&|!<->",
    "../../etc/passwd",
    "@admin #x /start@otro_bot",
    "tel:+52155 mailto:x@y.zz javascript:alert(1)",
)
COMMANDS = (
    "/start",
    "/start inv-",
    "/start inv-adivinando",
    "/start nueva-gch-ccs-p01-2023",
    "/start nueva-" + "x" * 200,
    "/nueva",
    "/nueva <u>x</u>",
    "/nueva " + "9" * 30,
    "/ver CHA-P01-2026-0001",
    "/ver CHA-P01-2026-" + "9" * 40,
    "/ver",
    "/buscar",
    "/buscar \"' OR",
    "/mis",
    "/bandeja",
    "/cancelar",
    "/ayuda",
    "/invitar",
    "/grupos",
    "/personas",
    "/avisos",
    "/",
    "//",
    "/ nueva",
    "/\u202enueva",
    "/nueva@otro_bot x",
    "/start@chalco_bot " + "a" * 64,
)
NAMES = (
    "../../etc/passwd",
    "..\\..\\windows\\system32\\cmd.exe",
    "/etc/shadow",
    "a\0b.pdf",
    "x" * 300 + ".pdf",
    "oficio.pdf.exe",
    ".",
    "..",
    "",
    "   ",
    "CON",
    "<u>x</u>.png",
    "\u202efdp.exe",
    'a"b;c\r\nX-Evil: 1.pdf',
    "\ud83d.pdf",
    "🏛️" * 60,
    "~/.ssh/id_rsa",
    "file:///etc/passwd",
)
TYPES = ("application/pdf", "image/png", "application/x-msdownload", "text/html", "x" * 300, "", "a/b/c", "\0/\0", "🏛️")
LONG = ("muy largo ", "x", "👩\u200d👧", "<", "\n", "{{", "a\u0301", "9", " ", "| ")

_ALL = (*MARKUP, *TEMPLATES, *SCRIPTS, *BROKEN, *FIGURES, *QUERIES, *COMMANDS)
_EDGES = (0, 1, -1, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, -(10**12))


def text(random: Random) -> str:
    """Something that nobody means: one of the tricks, several of them, or far too much of one."""
    dice = random.random()
    if dice < 0.7:
        return random.choice(_ALL)
    if dice < 0.97:
        return " ".join(random.choice(_ALL) for _ in range(random.randint(2, 5)))
    if dice < 0.999:
        return random.choice(LONG) * (4096 // len(random.choice(LONG)))
    return random.choice(LONG) * (100_000 // len(random.choice(LONG)))


def number(random: Random) -> int:
    """Mostly what an id looks like; sometimes what no column can hold."""
    return random.choice(_EDGES) if random.random() < 0.3 else random.randint(-(10**6), 10**6)


def moment(random: Random) -> int:
    """A Unix time; now and then one that no calendar knows."""
    return random.choice(_EDGES) if random.random() < 0.02 else random.randint(1_600_000_000, 2_000_000_000)


def fraction(random: Random) -> float:
    return random.choice((0.0, -0.0, 19.26, -98.89, 91.0, 1e308, -1e-308, 400.5))


def junk(random: Random) -> Any:
    """A value of any type, where another was meant."""
    return random.choice(
        (None, True, 0, -1, 2**63, 10**30, 1.5, "", "x", "\0", [], {}, [[]], [None] * 3, {"id": {}}, {"": ""}, ["x"])
    )
