"""What a sentence already answers: what is certain, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.flows.hearing import Heard, heard
from bot.flows.requisitos import show
from tests.flows.shipped import CHALCO, SETTING, WEDNESDAY, law_of

COVERAGE, NETWORKS, GRAPHICS = "GCH-CCS-P01-2023", "GCH-CCS-P02-2023", "GCH-CCS-P06-2023"
MAIL, SUPPORT, OPINION = "GCH-CCS-P09-2023", "GCH-CCS-P10-2023", "GCH-CCS-P12-2023"


def hear(code: str, said: str) -> Heard:
    return heard(said, law_of(CHALCO, code), SETTING, at=WEDNESDAY)


def told(code: str, said: str) -> dict[str, str]:
    """What was understood, as people read it."""
    law = law_of(CHALCO, code)
    return {
        one.id: show(one, hear(code, said).answers[one.id])
        for one in law.requisitos
        if one.id in hear(code, said).answers
    }


# Each: the procedure, what was said, and the answers in it.
TOLD: list[tuple[str, str, dict[str, str]]] = [
    (
        COVERAGE,
        "necesito fotos para la inauguración de la plaza el viernes 27 a las 10 en el auditorio municipal",
        {"fecha": "viernes 27 de noviembre de 2026, 10:00 h", "lugar": "Auditorio municipal", "formato": "Foto"},
    ),
    (
        COVERAGE,
        "Ocupamos foto y video el 11 de diciembre a las 5 de la tarde en la Casa de Cultura, por favor",
        {"fecha": "viernes 11 de diciembre de 2026, 17:00 h", "lugar": "Casa de Cultura", "formato": "Foto y video"},
    ),
    (
        COVERAGE,
        "que graben mañana de 10 a 12 en el parque 5 de febrero",
        {"fecha": "jueves 19 de noviembre de 2026, 10:00 a 12:00 h", "lugar": "Parque 5 de febrero"},
    ),
    (
        NETWORKS,
        "subir la feria a Facebook e Instagram el lunes 30",
        {"fecha": "lunes 30 de noviembre de 2026", "redes": "Facebook, Instagram"},
    ),
    (
        GRAPHICS,
        "una lona de 3 x 2 m para el 5 de diciembre",
        {"tipo": "Lona", "fecha_requerida": "sábado 5 de diciembre de 2026"},
    ),
    (
        GRAPHICS,
        "500 invitaciones en pdf para el 4 de diciembre",
        {"tipo": "Invitación", "formato": "PDF", "fecha_requerida": "viernes 4 de diciembre de 2026"},
    ),
    (MAIL, "quiero crear un correo", {"tipo": "Crear un correo"}),
    (SUPPORT, "la impresora no imprime en la oficina de catastro desde el lunes", {"ubicacion": "Oficina de catastro"}),
    (OPINION, "dictamen para arrendamiento de impresoras", {"tipo": "Arrendamiento"}),
    # Nothing is certain.
    (COVERAGE, "que cubran un evento", {}),
    (COVERAGE, "fotos no, video", {}),
    (COVERAGE, "que graben el lunes o el martes", {}),
    (COVERAGE, "que graben antes del viernes", {}),
    (COVERAGE, "que lo graben en la mañana", {}),
    (COVERAGE, "que graben la marcha, empieza en la plaza y termina en el auditorio", {}),
    (SUPPORT, "no tengo internet en la oficina", {}),
    (SUPPORT, "no prende mi compu desde el viernes", {}),
    (GRAPHICS, "otro diseño, el normal", {}),
]


@pytest.mark.parametrize(("code", "said", "answers"), TOLD, ids=[said for _, said, _ in TOLD])
def test_what_is_certain_is_taken(code: str, said: str, answers: dict[str, str]) -> None:
    assert told(code, said) == answers


@pytest.mark.parametrize(
    ("said", "half"),
    [
        ("fotos el viernes 27", {"date": "2026-11-27"}),
        ("fotos de la feria del próximo viernes", {"date": "2026-11-20"}),
        ("fotos del evento del viernes 27 a las 5", {"date": "2026-11-27", "hours": ["05:00", "17:00"], "ends": {}}),
    ],
)
def test_half_a_moment_is_kept_for_its_question(said: str, half: dict[str, Any]) -> None:
    assert hear(COVERAGE, said) == Heard(None, {"formato": "foto"}, {"fecha": half})


def test_a_day_is_counted_from_when_it_was_said_and_must_still_be_ahead() -> None:
    law = law_of(CHALCO, COVERAGE)
    said = "video el viernes a las 10"
    tomorrow = replace(SETTING, now=WEDNESDAY + timedelta(days=1))
    assert heard(said, law, tomorrow, at=WEDNESDAY).answers["fecha"] == "2026-11-20T10:00-06:00"
    next_week = replace(SETTING, now=WEDNESDAY + timedelta(days=7))
    assert heard(said, law, next_week, at=WEDNESDAY) == Heard(None, {"formato": "video"})
    assert heard("video el viernes", law, next_week, at=WEDNESDAY) == Heard(None, {"formato": "video"})


# Each: what was said | the place in it.
PLACES = """
el viernes a las 10 en el auditorio | Auditorio
en la explanada municipal, es la entrega de despensas | Explanada municipal
en el salón de usos múltiples | Salón de usos múltiples
en la plaza cívica Benito Juárez a las 12 | Plaza cívica Benito Juárez
en la calle Hidalgo 12, col. Centro, el lunes | Calle Hidalgo 12, col. Centro
en el Salón El Refugio el sábado 5 | Salón El Refugio
en el salón de las américas del centro | Salón de las américas del centro
en el auditorio la inauguración | Auditorio
en el parque central. Gracias | Parque central
en la Av. Solidaridad 12 el lunes | Av. Solidaridad 12
en la sala de cabildo del lunes | Sala de cabildo
En plaza cívica | Plaza cívica
en la plaza, otra vez en la plaza | Plaza
en la página | -
en casa | -
en el centro | -
en la noche | -
en el teatro y en la plaza | -
"""


@pytest.mark.parametrize("line", PLACES.strip().splitlines())
def test_a_place_is_what_follows_en_up_to_the_next_thing(line: str) -> None:
    said, _, place = line.partition(" | ")
    answer = hear(COVERAGE, f"que graben {said}").answers.get("lugar")
    assert (answer["text"] if answer else "-") == place


def test_what_is_asked_first_may_be_the_sentence_itself() -> None:
    assert hear(SUPPORT, "la impresora no imprime").about == "falla"
    assert hear(COVERAGE, "que cubran un evento").about is None
    assert hear(SUPPORT, "no imprime " * 200).about is None
