"""The words of a sentence that tell something: under one name, and without their endings.

People write as they speak: «vaja», «nesecito», «publiquen» and «la compu» are «baja»,
«necesito», «publicar» and «la computadora».
"""

import re
from typing import Final, TypeAlias

from bot.flows.words import fold

Telling: TypeAlias = tuple[str, str]
"""A word as people spell it, and its stem, by which it is compared."""

# How people spell what sounds alike.
_SOUNDS: Final = tuple(
    (re.compile(spelt), heard)
    for spelt, heard in (
        ("qu(?=[ei])", "k"),
        ("c(?=[ei])|z", "s"),
        ("c(?!h)", "k"),
        ("v", "b"),
        ("(?<!c)h", ""),
        ("ll", "y"),
        ("g(?=[ei])", "j"),
    )
)


def sound(word: str) -> str:
    """Give a bare word as it is heard, so that «vaja» and «baja» are one."""
    for spelt, heard in _SOUNDS:
        word = spelt.sub(heard, word)
    return word


# What anybody may write about anything.
_CHATTER: Final = """
    a al ante con contra de del desde e el ella ellas ellos en entre es esa esas ese eso esos esta estas este esto estos
    fue ha han hasta hay la las le les lo los me mi mis mia mio muy ni no nos nuestra nuestro nuestras nuestros o para
    pero por porque pues que quien quienes se sea ser si sin sobre son soy somos su sus suyo tal tambien tan te tu tus
    u un una unas uno unos y ya yo como cual cuales cuando cuanto cuanta cuantos donde adonde ahi alla aca aqui asi aun
    bien casi mas menos mucho mucha muchos mal mejor nada nadie otro otra otros otras poco pronto solo todo toda todos
    todas algo alguien alguna algun unico cada ambos cualquier
    dos tres cuatro cinco seis siete ocho nueve diez varios varias primer primera
    hola oye oiga buenas buenos buen dia dias tarde tardes noche noches gracias favor porfa porfavor porfis perdon
    disculpa disculpe saludos cordial cordiales ok okay sale va vale jaja jajaja jeje luego ahorita
    necesito necesita necesitan necesitamos necesitaba necesitaria ocupo ocupa ocupamos ocupan quiero quiere quieren
    queremos quisiera quisieramos querria requiero requiere requieren requerimos solicito solicita solicitamos solicitar
    solicitud pido pedir pedirle pedirles pide piden pedimos pueden puede puedo podria podrian podremos podemos poder
    apoyan apoya apoyo apoyar apoyarnos apoyen apoyarme ayuda ayudan ayuden ayudar ayudarme ayudarnos ayudame urge urgen
    urgente favorcito gustaria deseo duda dudas hace hacer hagan haga hago hacen haces hecho hacemos hizo hacerme
    hacernos hicieron tengo tiene tienen tenemos tener teniamos estar estamos estan estoy esten habia haber hubo voy
    vamos van vaya ver viendo dice dicen digo decir dar dan den doy da demos traigo trae mandar mandan manden manda
    mando enviar debe deben debo falta toca tocan gusta saber sabe saben cosa cosas tema asunto
    hora horas lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto
    septiembre octubre noviembre diciembre hoy manana ayer pasado proximo proxima semana semanas mes meses ano anos
    minuto minutos
    direccion area areas departamento coordinacion municipio municipal ayuntamiento presidencia presidente gobierno
    oficina oficinas dependencia regiduria licenciado licenciada lic ingeniero ingeniera jefe jefa director directora
    encargado encargada companero companera companeros nuevo nueva nuevos nuevas gran grande
"""
_STOP: Final = frozenset(sound(word) for word in _CHATTER.split())
# What every town hall calls by several names.
_SAME: Final = {
    sound(said): meant
    for meant, others in {
        "facebook": "face feis feisbuk fb",
        "instagram": "insta ig",
        "twitter": "tuit tuits tuiter tweet tweets",
        "computadora": "compu compus pc pcs cpu cpus lap laptop laptops ordenador maquina maquinas",
        "impresora": "multifuncional multifuncionales copiadora copiadoras",
        "enciende": "prende prenden prender encender encienden prendio encendio",
        "sirve": "jala jalan funciona funcionan sirven",
        "foto": "fotografia fotografias fotografiar fotografico fotografica",
        "correo": "email emails mail mails",
        "contrasena": "password clave",
        "pagina": "sitio sitios portal portales web webs",
        "cartel": "poster posters afiche",
        "volante": "flyer flyers",
        "logotipo": "logo logos",
        "banner": "baner baners",
        "video": "videito videograbar",
        "redsocial": "redes",  # what has cables is «la red»
    }.items()
    for said in others.split()
}
_ENDINGS: Final = re.compile(
    r"(?:asiones|asion|isiones|ision|siones|sion|amientos?|imientos?|ador(?:es|as?)?|ad[oa]s?|id[oa]s?|ando|iendo"
    r"|aron|ieron|arl[oae]s?|arme|arnos|erlo|irlo|enlo|anlo|amos|emos|imos|aran|eran|iran|ar|er|ir|an|en|as|es|os|[aeos])$"
)
_SHORTEST_STEM: Final = 3


def words(text: str) -> tuple[Telling, ...]:
    """The words of a text that tell something, under one of their names, each with its stem."""
    told = ((one, sound(one)) for one in fold(text).split() if not one.isdecimal())
    named = (_SAME.get(heard, one) for one, heard in told if heard not in _STOP)
    return tuple((one, _stem(one)) for one in named)


def _stem(word: str) -> str:
    """Cut the ending off a word as it sounds, so that «publiquen» and «publicación» are one."""
    heard = sound(word)
    short = _ENDINGS.sub("", heard)
    return short if len(short) >= _SHORTEST_STEM else heard
