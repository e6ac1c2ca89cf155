"""What people ask for in their own words, and which procedure it is."""

import pytest

from bot.flows.finding import offered, ranked
from bot.flows.procedure import Procedure
from bot.flows.words import fold
from tests.flows.shipped import CATALOGUE, NAMES, SHIPPED

# What was written to each procedure. Written before the phrases of the manuals, and never to be copied into them.
ASKED = {
    "chalco GCH-CCS-P01-2023": """
        necesito fotos para la inauguración de la plaza el viernes a las 10 en el auditorio
        pueden mandar a alguien a grabar la ceremonia cívica del lunes
        ocupamos un fotógrafo para la toma de protesta
        que vengan a cubrir la entrega de despensas
        buenos días, nos apoyan con fotografo y camara para el desfile por favor
        queremos que tomen video de la conferencia
        podrían venir a fotografiar el arranque de obra
        que alguien tome fotos en la posada del martes
        se requiere cobertura para la sesión solemne
        nos hace el favor de cubrir la clausura del curso
        ocupo camarógrafo para el viernes
        hay evento de presidencia y necesito quien tome las fotos
    """,
    "chalco GCH-CCS-P02-2023": """
        suban a facebook la convocatoria del torneo
        nos pueden ayudar a difundir la campaña de vacunación
        quiero que publiquen un post sobre la feria del empleo
        compartir el aviso de corte de agua en las redes del ayuntamiento
        anunciar en el face y en twitter la jornada de salud
        pongan en el feis lo de las becas
        quiero que se difunda el horario de vacunación antirrábica
        que salga publicado en instagram el concurso de catrinas
        pongan en redes el flyer de la vacunación
        necesitamos que se publique un aviso a la población
        apoyo con la difusión del curso de verano
    """,
    "chalco GCH-CCS-P03-2023": """
        un periodista pide datos sobre el bacheo
        me buscó un reportero que quiere entrevistar al director de obras
        el periódico solicita información de la alcaldía
        la televisora quiere una entrevista con el presidente
        nos contactó la prensa para preguntar por el agua
        Milenio pide una entrevista con la alcaldesa
        hay un periodista que quiere cifras de seguridad
        la prensa quiere saber del presupuesto
        atender a un medio que pide informes
        una reportera solicita entrevista
    """,
    "chalco GCH-CCS-P04-2023": """
        necesito un tríptico de la dirección de salud
        hagan un folleto con los trámites
        diseñar la revista del informe de gobierno
        ocupo volantes para repartir en el mercado
        un poster para la semana cultural
        unos dipticos para la feria de la salud
        que nos diseñen un libro de cocina tradicional
        impresion de carteles del dia del niño
        posters para el consultorio
        un cuadernillo de actividades
    """,
    "chalco GCH-CCS-P05-2023": """
        quiero un spot para la campaña del predial
        nos hacen una animación sobre separación de basura
        producir un video promocional del municipio
        necesitamos una cápsula informativa de un minuto
        grabar un audio para el perifoneo
        editar el video del informe
        un spot de radio del buen fin
        hacer una animacion de protección civil
        queremos un videito de invitación a la feria
        un audio para el carro de sonido
        cápsulas de video para la semana del agua
    """,
    "chalco GCH-CCS-P06-2023": """
        necesito una lona de 3 x 2 para la feria
        diplomas para los graduados del taller
        diseño de logotipo para el programa
        me urgen unas invitaciones para la ceremonia
        personificadores para el presídium
        hojas de reconocimiento para los maestros
        constancias para los participantes del curso
        hagan un baner para la entrada
        tarjetas de presentacion para el director
        el diseño de un gafete
        reconocimientos para los jubilados
        una mampara para la foto oficial
    """,
    "chalco GCH-CCS-P07-2023": """
        queremos un programa para llevar el control de citas
        hay que agregarle un módulo al sistema de tesorería
        desarrollar una aplicación para registrar a los ciudadanos
        que modifiquen el software de padrón
        ocupamos una plataforma para pagos en línea
        nos hace falta un sistema para control de expedientes
        cambios al sistema de licencias
        una app para reportes ciudadanos
        un sistemita para controlar las citas
        que la aplicación de reportes mande avisos
        necesito base de datos de beneficiarios
    """,
    "chalco GCH-CCS-P08-2023": """
        subir un pdf a la página de transparencia
        actualizar el directorio en el portal
        que cuelguen la convocatoria en la página web del dif
        quitar un documento viejo del sitio
        poner la gaceta en internet
        corregir un telefono que está mal en la página
        subir las actas al portal de transparencia
        publicar un edicto en el sitio web
        ya cambió el horario, corríjanlo en la página
        subir convocatoria al portal
        quiten mi nombre del directorio de la web
    """,
    "chalco GCH-CCS-P09-2023": """
        no puedo entrar a mi correo
        ocupo una cuenta de email para el nuevo jefe
        se me olvidó la contraseña del correo institucional
        no me llegan los mails
        dar de alta un correo para la tesorera
        mi correo oficial está bloqueado
        alta de correo para personal de nuevo ingreso
        no salen los correos que mando
        me caducó la contraseña del correo
        ocupamos correo oficial para el área
        mi mail no manda archivos
    """,
    "chalco GCH-CCS-P10-2023": """
        se descompuso mi computadora
        la impresora no jala
        no tengo internet en la oficina
        mi compu está bien lenta y se traba
        el monitor no prende
        necesito que venga un técnico a revisar mi equipo
        no me da línea la impresora
        la pc hace ruido y se apaga
        se cayó la red
        ayuda, mi máquina no enciende
        mi mouse no sirve
        ya no prende mi lap
        se me borró todo y la compu no arranca
        no hay señal de wifi
        cambio de tóner de la impresora
        instalar office
    """,
    "chalco GCH-CCS-P11-2023": """
        quiero dar de baja unas computadoras viejas
        tenemos cpus obsoletos que ya no sirven, cómo los damos de baja
        dictamen para desechar equipo inservible
        baja del inventario de una impresora
        cómo desecho un cpu quemado
        baja de bienes informáticos
        tengo monitores viejos para dar de baja
        trámite para baja de equipo
        tengo impresoras que ya no sirven y las quiero dar de baja
        equipo de cómputo obsoleto
    """,
    "chalco GCH-CCS-P12-2023": """
        vamos a comprar laptops, necesitamos el dictamen
        dictamen para rentar copiadoras
        contratar servicio de internet requiere dictamen técnico
        adquisición de servidores folio sidem
        queremos adquirir tres computadoras
        necesito el dictamen de la DGSEI
        arrendamiento de multifuncionales
        necesito dictamen para comprar una impresora
        queremos contratar licencias de antivirus
        renta de equipo de cómputo
    """,
    "chiconcuac 1": """
        programar el mantenimiento de todas las computadoras
        toca limpieza de los equipos de las áreas
        calendario de mantenimiento preventivo
        campaña para limpiar las compus
        agendar limpieza de computadoras
        mantenimiento preventivo del semestre
        cuándo toca limpiar las computadoras de catastro
        mantenimiento a los equipos
    """,
    "chiconcuac 2": """
        no enciende la pc de la caja
        mi impresora se atasca
        ya no sirve el teclado
        se apaga sola la computadora
        vengan a reparar el equipo por favor
        mi compu ya valió
        arreglen el escáner
        no funciona la impresora de catastro
        la pantalla de la pc se pone azul
        la computadora de registro civil no arranca
        se rompió la pantalla
        componer la impresora
    """,
    "chiconcuac 3": """
        revisar los módems y el cableado
        programar la revisión del internet en los edificios
        checar la señal del wifi en palacio
        configurar los switches de la red
        checar el router de tesorería
        cableado de red nuevo en obras
        instalar un router en seguridad
        no llega internet a obras
    """,
    "chiconcuac 4": """
        actualizar los antivirus de las áreas
        revisar que no haya virus en los equipos
        poner contraseñas y permisos a las computadoras
        campaña de ciberseguridad
        instalar el antivirus en las máquinas
        revisión de seguridad de las computadoras
        actualizar antivirus
        cambiar permisos de los usuarios
    """,
    "chiconcuac 5": """
        publicar un comunicado en la página del municipio
        suban al sitio la convocatoria de becas
        cambiar el horario que aparece en la página web
        poner fotos en el portal de Chiconcuac
        suban la gaceta a la página
        modificar los requisitos del trámite en el sitio
        pueden publicar la vacante en la web
        publicar la convocatoria en el sitio web
        suban este aviso a la página
    """,
    "chiconcuac 6": """
        no sé usar las fórmulas de excel
        alguien que me enseñe word
        tengo dudas con una presentación en power point
        cómo hago una tabla dinámica
        me pueden enseñar excel
        ayuda para hacer una presentacion
        cómo le pongo índice a un documento de word
        enséñenme a usar excel
        curso de word para secretarias
    """,
    "chiconcuac 7": """
        quiero guardar una copia de mis archivos
        respaldar los expedientes en la nube
        pasar mi información a un disco duro
        hacer un backup antes de cambiar de equipo
        hacer respaldo de la base de datos
        copiar todo a una usb antes del cambio de administración
        se me va a borrar todo, quiero respaldar
        quiero un respaldo de mi compu
        guardar mis documentos en la nube
    """,
    "chiconcuac 8": """
        crear correo para la nueva directora
        no recuerdo la clave del correo
        necesitamos una cuenta institucional @chiconcuac
        solicito email oficial para contraloría
        un correo institucional para el oficial del registro civil
        perdí la contraseña de mi correo
        dar de alta una cuenta de correo
        alta de correo para la nueva síndica
        no abre el correo institucional
    """,
    "leon PR-DGCS/DAI-07": """
        subir a instagram el boletín de hoy
        publiquen la campaña del dengue en facebook
        difundir el comunicado de prensa
        hacer un tuit sobre el cierre de calles
        que salga en las redes del municipio
        compartan en redes la feria del libro
        mando boletín para publicar
        un post del operativo de fin de semana
        publicar las fotos de la jornada en facebook
        boletín del día para redes
    """,
    "naucalpan 5.1": """
        promocionar las pláticas de nutrición
        difundir los talleres para adultos mayores
        que anuncien con perifoneo la jornada
        publicar en la página las consultas dentales
        hacer carteles de la campaña de salud
        necesitamos difusión para las jornadas dentales
        subir a face el curso de cocina
        volantes para promover las terapias
        difusión de las terapias para niños
        que se anuncie la campaña de lentes
    """,
    "calimaya 1.1": """
        imprimir 500 volantes
        lonas para el festival del día de muertos
        mandar a hacer hojas membretadas
        tarjetas de presentación para la secretaria
        trípticos y carteles impresos
        imprimir reconocimientos para maestros
        un tiraje de dípticos
        necesito una lona impresa de 2x3
        500 hojas membretadas
        imprimir lonas para el desfile
    """,
    "calimaya 1.2": """
        publicar un cartel digital en facebook
        subir una historia en instagram del evento
        una publicación para felicitar a los maestros
        diseño para redes de la feria del queso
        publicar el aviso de cierre en redes sociales
        hagan un post del día de la madre
        subir a facebook la convocatoria
        felicitación del día del maestro para facebook
        publicar la convocatoria del cabildo en redes
    """,
    "calimaya 1.3": """
        fotos de la entrega de apoyos mañana a las 11
        necesitamos que graben el informe
        transmitir en vivo la sesión de cabildo
        manden un fotógrafo a la kermés
        video y foto de la carrera atlética
        que cubran la entrega de tinacos
        transmisión por facebook live de la sesión
        fotógrafo para la boda colectiva
        que graben la entrega de uniformes
    """,
    "calimaya GD-1": """
        subir el padrón a la página web
        actualizar información del portal municipal
        publicar el reglamento en el sitio
        cargar documentos de transparencia en la página
        poner en la página la lista de ganadores
        cambiar fotos del portal
        subir los estados financieros al sitio web
        actualizar el directorio en la página
        subir el bando municipal al portal
    """,
    "calimaya GD-2": """
        correo nuevo para catastro
        no abre mi correo institucional
        crear una cuenta de e-mail para la dirección
        olvidé mi contraseña del correo
        quiero una cuenta de correo para sindicatura
        me bloquearon el correo
        un mail para el área nueva
        crear el correo de la nueva área
        perdí la clave de mi correo
    """,
    "calimaya OA-1": """
        el SMDIF necesita un diseño para su campaña
        arte para las redes del organismo
        somos de opdapas, queremos una imagen del corte de agua
        imcufidec: cartel digital para el torneo
        diseño de lona para el smdif
        flyer digital para opdapas
        cartel para el torneo del imcufidec
        diseño del smdif para el día del niño
    """,
    "calimaya OA-2": """
        fotos del torneo del imcufidec
        cubrir un evento del smdif
        que vayan a grabar la obra de opdapas
        cobertura para un evento de nuestro organismo auxiliar
        fotógrafo para la carrera del imcufidec
        grabar el evento del smdif en la plaza
        cubrir la carrera de imcufidec
        fotos de la jornada del smdif
    """,
    "calimaya OA-3": """
        el smdif quiere asesoría de comunicación
        nos orientan sobre cómo manejar las redes del organismo
        duda de imagen institucional de opdapas
        consejo para responder comentarios en la página del imcufidec
        asesoría para el manejo de facebook de opdapas
        orientación de comunicación para el imcufidec
        asesoría para las redes de opdapas
        el smdif pide orientación de comunicación
    """,
}
JUNK = """
    jajaja ok
    gracias
    qué hora es
    hola buenas tardes
    ok perfecto
    👍
    a qué hora salen a comer
    feliz cumpleaños
    asdfgh
    12345
    no
    no entiendo
    ya quedó
    te mando saludos
    quién eres
    eres un robot?
    cuánto cuesta el predial
    dónde está la tesorería
    nos vemos el viernes
    me equivoqué
    mañana a las 10
    el viernes en el auditorio
    Ana Robles
    5512345678
    por favor ayúdame
    buen provecho
    hace mucho calor
    ya te dije que sí
    cuándo me pagan
    vacaciones
    necesito un favor
    quiero pedir algo
    tengo una duda
    ya casi es fin de semana
    está bien licenciada
    hoy no circula
    cómo estás
    perdón por la demora
    saludos cordiales
    no gracias
    a qué hora abren
    quién atiende hoy
    estoy en junta
    le marco al rato
    me pasas el teléfono de Rosa
    no he comido
    hoy hay puente?
    felicidades por el bot
    no me gusta este bot
    no sirve esto
    ya contesté
    espérame tantito
    ahorita te digo
    ok enterada
    recibido
    cuánto tarda
    cómo va mi solicitud
    quiero hablar con una persona
    dónde están ubicados
    me equivoqué de chat
    jajaja sí
    mmm
    ???
    ¡excelente servicio!
    buen día a todos
    voy en camino
    sí procede
    autorizado
    Lic. Martínez
    Calle Reforma 4
    5 de mayo
    el lunes
    a las 5
    50
    sí
    oficio 123/2026
    estoy de vacaciones
    ya llegó el refrigerador
    se inundó el baño
    no hay papel de baño
    necesito plumas y hojas
    un café por favor
    bache en la calle 5
    sepárame un lugar
    a qué hora cierran
    me duele la cabeza
    ya firmé
    dónde te ubicas
    ok ya lo vi
    va que va
    gracias licenciado
    te aviso mañana
    cómo te llamas
    ya no
    otra vez tú
    me cancelaron la junta
    estoy enfermo
    nos vemos en la plaza
    apoco sí
    ja ja
    excelente
    bien y tú
    el martes no puedo
    luego lo reviso
    aún no
    es correcto
    no es eso
    necesito hablar con el director
    cuánto cuesta una licencia de funcionamiento
    quiero pagar mi agua
    permiso para vender en la calle
    multa de tránsito
    acta de nacimiento
    se fue la luz
"""


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def of(manual: str, code: str) -> tuple[Procedure, ...]:
    """Every procedure of the manual: nobody may open them all, so that this is harder than what people do."""
    assert CATALOGUE.procedure(manual, code).code == code
    return CATALOGUE.manuals[manual].procedures


def test_there_are_four_sentences_at_least_for_every_procedure() -> None:
    assert sorted(ASKED) == sorted(NAMES)
    assert all(len(lines(text)) >= 4 for text in ASKED.values())


def test_no_sentence_is_a_phrase_of_the_manuals() -> None:
    phrases = {fold(phrase) for _, law in SHIPPED for phrase in law.asked_as}
    assert not phrases & {fold(line) for text in ASKED.values() for line in lines(text)}


def test_every_procedure_says_how_people_ask_for_it() -> None:
    assert [law.code for _, law in SHIPPED if not 6 <= len(law.asked_as) <= 15] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_people_ask_for_is_offered(name: str) -> None:
    manual, _, code = name.partition(" ")
    for line in lines(ASKED[name]):
        found = ranked(line, of(manual, code))
        assert code in [one.code for one in offered(found)], (line, [(one.procedure.code, one.score) for one in found])


def test_the_first_offer_is_the_right_one_nearly_always() -> None:
    asked = [(*name.partition(" ")[::2], line) for name, text in ASKED.items() for line in lines(text)]
    wrong = [
        (code, line)
        for manual, code, line in asked
        if [one.procedure.code for one in ranked(line, of(manual, code))[:1]] != [code]
    ]
    assert len(wrong) <= len(asked) * 0.02, wrong


@pytest.mark.parametrize("manual", CATALOGUE.manuals)
@pytest.mark.parametrize("line", lines(JUNK))
def test_what_asks_for_nothing_finds_nothing(manual: str, line: str) -> None:
    assert ranked(line, CATALOGUE.manuals[manual].procedures) == ()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("NESECITO FOTOGRAFOS", "GCH-CCS-P01-2023"),
        ("la impresra no imprime", "GCH-CCS-P10-2023"),
        ("diplmas y resonocimientos", "GCH-CCS-P06-2023"),
        ("dar de vaja una compu", "GCH-CCS-P11-2023"),
        ("una animasión", "GCH-CCS-P05-2023"),
        ("publicar en fasebook", "GCH-CCS-P02-2023"),
    ],
)
def test_a_slip_of_the_pen_is_forgiven(typed: str, code: str) -> None:
    assert ranked(typed, of("chalco", code))[0].procedure.code == code


def test_of_what_is_alike_the_area_decides() -> None:
    procedures = CATALOGUE.manuals["calimaya"].procedures
    asked = "que vengan a tomar fotos del torneo"
    assert ranked(asked, procedures)[0].procedure.code == "1.3"
    assert ranked(asked, procedures, about="Dirección de Cultura y Turismo")[0].procedure.code == "1.3"
    assert ranked(asked, procedures, about="IMCUFIDEC")[0].procedure.code == "OA-2"
    assert ranked("jajaja ok", procedures, about="IMCUFIDEC") == ()


def test_only_a_few_are_offered_and_only_what_comes_close() -> None:
    procedures = CATALOGUE.manuals["chalco"].procedures
    assert [one.code[8:11] for one in offered(ranked("invitación y video en Facebook", procedures))] == [
        "P02",
        "P06",
        "P05",
    ]
    assert [one.code[8:11] for one in offered(ranked("se descompuso mi impresora", procedures))] == ["P10"]
    assert offered(()) == ()


def test_a_manual_without_such_phrases_is_found_by_what_its_menu_says() -> None:
    plain = [law.model_copy(update={"asked_as": ()}) for law in CATALOGUE.manuals["chalco"].procedures]
    assert ranked("que arreglen mi equipo", plain)[0].procedure.code == "GCH-CCS-P10-2023"
    assert ranked("", plain) == ranked("¡¿?!", plain) == ()
