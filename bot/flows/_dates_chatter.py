"""The words around a date: those that join, those that warn, and those that nobody taught us.

A word that may change the meaning is never passed over: «no», «antes», «cada» and «o» turn a date into a question.
"""

from typing import Final

from bot.flows import _dates_answers as answers
from bot.flows._dates_answers import Unclear
from bot.flows._dates_pieces import Word
from bot.flows._dates_words import MONTH_NUMBERS

_JOINING: Final = """
    el la los las lo de del al a en y e que para por con un una es sera seria son se su sus mi me nos le les ya
    muy dia fecha fechas hora horario evento reunion junta sesion cita entrega inicio inicia inicial empieza
    comienza comenzando iniciando empezando ceremonia acto favor porfa porfavor gracias ok okay si bueno pues
    bien este esta mejor quiero queremos quisiera quisieramos necesito necesitamos requiero requerimos solicito
    solicitamos quedaria quedo queda puede poder pudiera posible sea ser tiene tendra tenemos lugar lleva
    llevara cabo hola realizara realiza realizaria programado programada agendado agendada agendar apartar
    previsto prevista tentativamente aprox exactamente puntual puntuales mismo misma alla ahi asi entonces creo
    como tipo mmm eh oye disculpe disculpa espero urgente urge justo seguro exacto confirmado confirmada
    confirmo publicar publicacion publicarse salga salir necesita requiere cobertura estimado estimada
    licenciado licenciada lic jefe jefa perdon digo digamos ojala pudieran podria podrian saludos favorcito va
    vamos ir
"""
_CONDITION: Final = """
    no ni tampoco excepto salvo menos antes despues hasta pendiente definir confirmar cancelado cancela cancelar
    posponer pospone cambiar cambio mover depende cuando cualquier cualquiera vispera mas tal quizas quiza sino
    entre durante otro otra algun alguna ningun
    primer primero segundo tercer cuarto quinto ultimo penultimo
"""
_REFERENCE: Final = """
    folio oficio expediente pagina factura telefono tel cel celular codigo cp numero num
"""
_REPETITION: Final = """
    cada todos todas diario diariamente sabados domingos semanal mensual siempre
"""
_PAST: Final = """
    ayer antier anteayer anoche hace pasado pasada anterior
"""
_SPAN: Final = """
    semana semanas mes meses ano anos dias quincena fin principios mediados finales temporada
"""
_PLACE: Final = """
    parque calle avenida av ave colonia col escuela primaria secundaria preparatoria plaza plazoleta jardin
    barrio unidad salon sala aula deportivo mercado auditorio prolongacion boulevard blvd callejon privada
    glorieta fraccionamiento fracc ejido esquina esq cerrada carretera calzada kinder delegacion manzana lote
"""

_GLUE: Final = frozenset(_JOINING.split())
_CONDITIONS: Final = frozenset(_CONDITION.split())
_REFERENCES: Final = frozenset(_REFERENCE.split())
_RECURRING: Final = frozenset(_REPETITION.split())
_GONE: Final = frozenset(_PAST.split())
_INCOMPLETE: Final = frozenset(_SPAN.split()) | frozenset(MONTH_NUMBERS)
PLACES: Final = frozenset(_PLACE.split())


def read_word(text: str) -> Word | Unclear:
    if text in {",", "-"}:
        return Word(",", "glue")
    if text in _GLUE:
        return Word(text, "glue")
    if text in {"o", "u"}:
        return answers.several_dates()
    if text in _CONDITIONS:
        return answers.conditional()
    if text in _REFERENCES:
        return answers.stray_number()
    if text in _RECURRING:
        return answers.repeated()
    if text in _GONE:
        return answers.gone()
    if text in _INCOMPLETE:
        return answers.no_day()
    if not text.isalpha():
        return answers.stray_number() if text != "?" else answers.unknown_words()
    return Word(text, "unknown")
