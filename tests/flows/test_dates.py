"""What people type for a date, what is understood, and what is asked instead of guessed."""

import datetime as dt
from calendar import monthrange
from itertools import product
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flows.dates import Reason, Unclear, When, long_date, long_when, read_when

ZONE = ZoneInfo("America/Mexico_City")
WEDNESDAY = dt.datetime(2026, 11, 18, 10, 30, tzinfo=ZONE)
MONDAY_IN_YEAR_2025 = dt.datetime(2025, 12, 1, 8, 0, tzinfo=ZONE)
LATE_ON_A_SUNDAY = dt.datetime(2027, 1, 31, 22, 15, tzinfo=ZONE)
FRIDAY_OF_A_LEAP_YEAR = dt.datetime(2028, 2, 25, 12, 0, tzinfo=ZONE)

# Each line: what was typed | month-day (or a full date), hour, a hyphen and the end, «?» if the hour is ambiguous.
FROM_WEDNESDAY = """
hoy | 11-18
HOY | 11-18
hoy mismo | 11-18
hoy miércoles | 11-18
hoy a las 4 de la tarde | 11-18 16:00
hoy a las 8 | 11-18 20:00?
hoy a las 9 am | 11-18 09:00
hoy 17:00 | 11-18 17:00
hoy en la tarde | 11-18
hoy por la noche a las 8 | 11-18 20:00
hoy al mediodía | 11-18 12:00
esta tarde | 11-18
esta tarde a las 5 | 11-18 17:00
esta noche 8:30 | 11-18 20:30
mañana | 11-19
manana | 11-19
MAÑANA A LAS 10 | 11-19 10:00
mañana a las 10 | 11-19 10:00
mañana jueves | 11-19
mañana jueves 19 de noviembre a las 10 | 11-19 10:00
mañana por la mañana | 11-19
mañana en la mañana a las 9 | 11-19 09:00
mañana por la tarde | 11-19
mañana en la tarde 4:30 | 11-19 16:30
mañana tarde | 11-19
mañana temprano | 11-19
mañana a primera hora | 11-19
mañana a las 5 | 11-19 17:00?
mañana a las 5:00 | 11-19 17:00?
mañana 05:00 | 11-19 05:00
mañana a la 1 | 11-19 13:00?
mañana a la una y media | 11-19 13:30?
mañana alas 10 | 11-19 10:00
mañana, 10:00 hrs. | 11-19 10:00
para mañana a las 12 | 11-19 12:00
a las 10 de mañana | 11-19 10:00
10 de la mañana de mañana | 11-19 10:00
mañana de 10 a 12 | 11-19 10:00-12:00
mañana a mediodía | 11-19 12:00
mañana a medio día | 11-19 12:00
¿mañana a las 10? | 11-19 10:00
📅 mañana 🕔 5 pm | 11-19 17:00
pasado mañana | 11-20
pasadomañana | 11-20
pasado mañana 9 y media | 11-20 09:30
pasado mañana viernes | 11-20
viernes | 11-20
el viernes | 11-20
este viernes | 11-20
este próximo viernes | 11-20
el viernes próximo | 11-20
el viernes que viene | 11-20
el viernes q viene | 11-20
el viernes entrante | 11-20
el siguiente viernes | 11-20
el próximo lunes | 11-23
proximo lunes a las 11 | 11-23 11:00
prox. lunes | 11-23
lun | 11-23
lun. 23 | 11-23
lun.23 | 11-23
vie 20 nov | 11-20
mar 24 nov | 11-24
mar 24 de noviembre 10 am | 11-24 10:00
martes 24 | 11-24
día martes 24 | 11-24
el viernes 20 | 11-20
viernes, 20 | 11-20
viernes 20 10 am | 11-20 10:00
viernes 20 a las 10 | 11-20 10:00
viernes 20, 17:00 | 11-20 17:00
viernes 20 - 10:00 h | 11-20 10:00
sábado 21 | 11-21
savado 21 | 11-21
juebes 10 am | 11-19 10:00
biernes 5 pm | 11-20 17:00
miercoles 25 | 11-25
domigno 22 | 11-22
lunes 23 a las 11 | 11-23 11:00
viernes 18 | 12-18
jueves 31 | 12-31
viernes 5 pm | 11-20 17:00
viernes 9 y media | 11-20 09:30
viernes de 9 a 2 | 11-20 09:00-14:00
viernes 5 a 7 pm | 11-20 17:00-19:00
viernes por la tarde, a las 4 | 11-20 16:00
el viernes en la mañana | 11-20
el viernes al mediodía | 11-20 12:00
el miércoles que viene | 11-25
próximo miércoles | 11-25
el viernes de la semana que entra | 11-27
el viernes de la próxima semana | 11-27
viernes de la semana que viene a las 10 | 11-27 10:00
la próxima semana, el lunes | 11-23
la semana que entra el martes a las 9 | 11-24 09:00
el viernes de esta semana | 11-20
esta semana, el jueves | 11-19
viernes en ocho | 11-27
el viernes en quince | 12-04
de hoy en ocho | 11-25
de hoy en ocho días | 11-25
de mañana en ocho | 11-26
de hoy en quince | 12-02
en 3 días | 11-21
en tres dias | 11-21
dentro de 3 días | 11-21
dentro de dos semanas | 12-02
en una semana | 11-25
en 15 días | 12-03
en quince días | 12-03
en un mes | 12-18
dentro de 2 meses | 2027-01-18
en 48 horas | 11-20 10:30
en 2 horas | 11-18 12:30
5 de diciembre | 12-05
el 5 de diciembre | 12-05
el día 5 de diciembre | 12-05
5 de Diciembre del 2026 | 12-05
5 de diciembre de 2026 | 12-05
5 de diciembre, 2026 | 12-05
5 de diciembre del presente año | 12-05
5 de diciembre del año en curso | 12-05
5 del mes de diciembre | 12-05
cinco de diciembre | 12-05
cinco de diciembre de dos mil veintiséis | 12-05
5 dic | 12-05
5 dic 26 | 12-05
5 dic. 2026 | 12-05
5-dic-26 | 12-05
5/dic/2026 | 12-05
05-diciembre-2026 | 12-05
dic 5 | 12-05
diciembre 5 | 12-05
dic. 5, 2026 | 12-05
5 de dicembre | 12-05
5 de disiembre | 12-05
5 d diciembre | 12-05
5de diciembre | 12-05
sábado 5 de diciembre | 12-05
sabado 5 de diciembre 5 pm | 12-05 17:00
sábado 5 de diciembre 5:30pm | 12-05 17:30
sábado, 5 de diciembre de 2026, 17:00 h | 12-05 17:00
sab 5 dic 17:00 | 12-05 17:00
vie-4-dic | 12-04
primero de diciembre | 12-01
1o de dic | 12-01
1° dic | 12-01
1º de diciembre | 12-01
1ero de diciembre | 12-01
treinta y uno de diciembre | 12-31
31 de diciembre a las 11 de la mañana | 12-31 11:00
veinticuatro de noviembre | 11-24
setiembre 10 | 2027-09-10
10 de septiembre | 2027-09-10
15 de enero | 2027-01-15
15 de enero del 2027 al mediodía | 2027-01-15 12:00
15 de enero del próximo año | 2027-01-15
15 de enero del año que entra | 2027-01-15
1 de noviembre | 2027-11-01
18 de noviembre | 11-18
18 nov 17:00 | 11-18 17:00
5/12 | 12-05
05/12 | 12-05
5/12/26 | 12-05
5/12/2026 | 12-05
5 / 12 / 2026 | 12-05
5/12/26 17:00 | 12-05 17:00
5/12 a las 10 | 12-05 10:00
5-12 | 12-05
5-12-2026 | 12-05
5-12-26, 9:30 am | 12-05 09:30
05.12.2026 | 12-05
5.12.26 | 12-05
2026-12-05 | 12-05
2026/12/05 | 12-05
2026-12-05 17:00 | 12-05 17:00
2026-12-05T17:00 | 12-05 17:00
2026-12-05 17:00:00 | 12-05 17:00
5 de diciembre de 2019 | 2019-12-05
01/02/2026 | 2026-02-01
el 24 | 11-24
el día 24 | 11-24
día 24 | 11-24
el 24 a las 10 | 11-24 10:00
el 24 a las diez y media de la mañana | 11-24 10:30
diez y media de la mañana del 24 | 11-24 10:30
el 24 de este mes | 11-24
el 24 del presente | 11-24
24 del mes en curso | 11-24
el 10 | 12-10
el 10 del próximo mes | 12-10
el 10 del mes que entra a las 4 pm | 12-10 16:00
el 24 de 10 a 12 | 11-24 10:00-12:00
para el 24 | 11-24
fin de mes | 11-30
a fin de mes | 11-30
el último día del mes | 11-30
último día de diciembre | 12-31
el último viernes de noviembre | 11-27
último viernes del mes | 11-27
el primer lunes de diciembre | 12-07
primer lunes del próximo mes a las 10 | 12-07 10:00
1er lunes de diciembre | 12-07
3er jueves de enero | 2027-01-21
segundo martes de diciembre | 12-08
a las 16 hrs | 11-18 16:00
a las 16:00 hrs. | 11-18 16:00
16:30 h | 11-18 16:30
16h30 | 11-18 16:30
1630 hrs | 11-18 16:30
a las 1630 | 11-18 16:30
a las 9 | 11-19 09:00
08:30hrs | 11-19 08:30
5:00p.m. | 11-18 17:00
5 p. m. | 11-18 17:00
5pm | 11-18 17:00
5 PM | 11-18 17:00
cinco p.m. | 11-18 17:00
tres de la tarde | 11-18 15:00
a las tres de la tarde | 11-18 15:00
8 de la noche | 11-18 20:00
once de la noche | 11-18 23:00
11 del día | 11-18 11:00
12 del día | 11-18 12:00
12 pm | 11-18 12:00
12 del mediodía | 11-18 12:00
al mediodía | 11-18 12:00
a medianoche | 11-19 00:00
a media noche | 11-19 00:00
cinco para las ocho | 11-19 07:55
5 para las 8 de la noche | 11-18 19:55
cuarto para las 9 | 11-19 08:45
8 y cuarto | 11-19 08:15
a las 8 y cuarto | 11-19 08:15
a las doce y media | 11-18 12:30
nueve menos cuarto | 11-19 08:45
a las 10 y 20 | 11-19 10:20
a las 11 en punto | 11-18 11:00
12 de la noche | 11-19 00:00
8 pm a medianoche | 11-18 20:00-00:00
viernes 20 hrs | 11-20 20:00
20:20 del 20 de noviembre | 11-20 20:20
el primero | 12-01
mañana 17.30 hrs | 11-19 17:30
12 am | 11-19 00:00?
para 30 niños el viernes 27 a las 10 | 11-27 10:00
día 20 hora 20 | 11-20 20:00
a las 5 | 11-18 17:00?
a eso de las 5 | 11-18 17:00?
como a las 5 | 11-18 17:00?
5:00 | 11-18 17:00?
a las 6:30 | 11-18 18:30?
a las 5 hrs | 11-18 17:00?
05:00 | 11-19 05:00
a las 13 | 11-18 13:00
a las 22 horas | 11-18 22:00
de 10:00 a 13:00 | 11-19 10:00-13:00
de 11:00 a 13:00 hrs | 11-18 11:00-13:00
11:00-13:00 | 11-18 11:00-13:00
11:00 – 13:00 | 11-18 11:00-13:00
11-13 hrs | 11-18 11:00-13:00
de 4 a 6 | 11-18 16:00-18:00?
de 6 a 8 | 11-18 18:00-20:00?
de 4 a 6 de la tarde | 11-18 16:00-18:00
de 11 a 1 de la tarde | 11-18 11:00-13:00
de las 16 a las 18 horas | 11-18 16:00-18:00
desde las 11 hasta las 2 de la tarde | 11-18 11:00-14:00
6-8 pm | 11-18 18:00-20:00
9 am a 2 pm | 11-19 09:00-14:00
10 pm a 2 am | 11-18 22:00-02:00
10 dic, 6 a 8 pm | 12-10 18:00-20:00
10 de diciembre de 4 a 6 pm | 12-10 16:00-18:00
20 de noviembre 10 am a 1 pm | 11-20 10:00-13:00
sería el 24 a eso de las 5 | 11-24 17:00?
el evento es el 5 de dicembre por favor | 12-05
Fecha: 5/12/2026 Hora: 17:00 | 12-05 17:00
Fecha: 5 de diciembre. Hora: 10 am | 12-05 10:00
buenas tardes, el viernes a las 10 | 11-20 10:00
Buenos días, sería para el martes 24 a las 9 am, gracias | 11-24 09:00
hola, necesitamos cobertura el 24 de noviembre a las 12:00 | 11-24 12:00
Lo queremos para el 30 de noviembre, por favor 🙏 | 11-30
creo que el viernes a las 10 | 11-20 10:00
la reunión es el jueves a las 16:00 | 11-19 16:00
Inauguración de la biblioteca, viernes 20 de noviembre 10 am | 11-20 10:00
viernes 20 de noviembre a las 10 am en la explanada municipal | 11-20 10:00
el viernes a las 10 en el auditorio | 11-20 10:00
viernes 20 de noviembre, 10 am, calle Hidalgo | 11-20 10:00
mañana a las 10 con el presidente | 11-19 10:00
20 de noviembre 10:00 am, 50 personas | 11-20 10:00
mañana a las 10 en la sala 3 | 11-19 10:00
mañana a las 10, dura 2 horas | 11-19 10:00
viernes 20, hora por definir | 11-20
*viernes 20* a las _10:00_ | 11-20 10:00
lo más pronto posible, mañana si se puede | 11-19
5 12 2026 | 12-05
"""

FROM_MONDAY_IN_YEAR_2025 = """
viernes 5 de diciembre 5 pm | 2025-12-05 17:00
viernes 5 | 2025-12-05
el 5 | 2025-12-05
sábado 6 de diciembre a las 11 | 2025-12-06 11:00
fin de mes | 2025-12-31
5 de enero | 2026-01-05
6/1 | 2026-01-06
5/12/25 | 2025-12-05
a las 8:30 | 2025-12-01 08:30
a las 7 | 2025-12-02 07:00
a las 8 | 2025-12-02 08:00
el lunes que viene | 2025-12-08
lunes de la semana que entra | 2025-12-08
el domingo de la semana que entra | 2025-12-14
en un mes | 2026-01-01
12 de octubre | 2026-10-12
5 de diciembre de este año | 2025-12-05
de hoy en ocho | 2025-12-08
"""

FROM_LATE_ON_A_SUNDAY = """
mañana | 2027-02-01
mañana 1 de febrero | 2027-02-01
hoy 23:00 | 2027-01-31 23:00
a las 10 | 2027-02-01 10:00
a las 11 de la noche | 2027-01-31 23:00
el lunes | 2027-02-01
el viernes de la semana que entra | 2027-02-05
el 28 | 2027-02-28
fin de mes | 2027-01-31
31 de enero | 2027-01-31
5 de febrero | 2027-02-05
31/12 | 2027-12-31
20 de enero | 2028-01-20
el 15 del próximo mes | 2027-02-15
"""

FROM_A_LEAP_YEAR = """
29 de febrero | 2028-02-29
29/2 | 2028-02-29
29-02-2028 | 2028-02-29
martes 29 | 2028-02-29
mañana | 2028-02-26
fin de mes | 2028-02-29
el último martes de febrero | 2028-02-29
en 5 días | 2028-03-01
5 mar | 2028-03-05
mar 29 feb | 2028-02-29
el próximo viernes | 2028-03-03
"""

ASKED_FROM_WEDNESDAY = """
 | nothing_found
??? | nothing_found
hola | nothing_found
no sé | conditional
lo antes posible | nothing_found
por definir | conditional
pendiente | conditional
en la tarde | no_day
diciembre | no_day
en diciembre | no_day
la próxima semana | no_day
esta semana | no_day
principios de diciembre | no_day
la quincena | no_day
31 de noviembre | impossible_date
31/11 | impossible_date
30 de febrero | impossible_date
29 de febrero | impossible_date
29/02/2027 | impossible_date
32 de diciembre | impossible_date
0 de diciembre | impossible_date
0/12 | impossible_date
5/0 | impossible_date
13/25 | impossible_date
13/25/2026 | impossible_date
2026-13-05 | impossible_date
el 45 | impossible_date
el 31 | impossible_date
quinto lunes de diciembre | impossible_date
12/25/2026 | month_first
12/25 | month_first
25:00 | impossible_hour
24:00 | impossible_hour
a las 10:75 | impossible_hour
a las 10:5 | impossible_hour
a las 30 | impossible_hour
mañana a las 25 | impossible_hour
16 am | impossible_hour
11 de la tarde | impossible_hour
de 5 pm a 3 pm | impossible_hour
viernes 5 de diciembre | weekday_mismatch
viernes 5/12/2026 | weekday_mismatch
lunes 2026-12-05 | weekday_mismatch
mañana viernes | weekday_mismatch
hoy lunes | weekday_mismatch
viernes 24 | weekday_mismatch
martes 20 de noviembre a las 10 | weekday_mismatch
15 de noviembre | past
11/11 | past
viernes 13 de noviembre | past
miércoles 4 de noviembre | past
ayer | past
antier | past
el lunes pasado | past
la semana pasada | past
hace 3 días | past
lunes de esta semana | past
el primer lunes del mes | past
el primero de este mes | past
5/12/99 | too_far
5 de diciembre de 2062 | too_far
en 999 semanas | too_far
miércoles | several_dates
este miércoles | several_dates
lunes o martes | several_dates
lunes y martes | several_dates
lunes/martes | several_dates
de lunes a viernes | several_dates
5 y 6 de diciembre | several_dates
5, 6 y 7 de diciembre | several_dates
el 5 o el 6 de diciembre | several_dates
del 5 al 8 de diciembre | several_dates
5-8 de diciembre | several_dates
5 al 8 de dic | several_dates
30 y 1 de enero | several_dates
5/12/2026 o 6/12/2026 | several_dates
mañana 5 de diciembre | several_dates
en ocho días | several_dates
fin de semana | several_dates
el fin de semana que viene | several_dates
a las 10 y a las 12 | several_hours
mañana 10 am y 4 pm | several_hours
mañana por la mañana o por la tarde | several_dates
cada lunes | repeated
los lunes | repeated
todos los viernes a las 10 | repeated
los sábados | repeated
antes del 5 de diciembre | conditional
después del 5 de diciembre | conditional
no el viernes, el jueves | conditional
hasta el viernes | conditional
el viernes después de las 10 | conditional
cualquier día menos el lunes | conditional
tal vez el viernes | conditional
en 3 días hábiles | business_days
el último día hábil de noviembre | business_days
Parque 5 de febrero | place_name
parque 5 de febrero a las 10 | place_name
Calle 16 de Septiembre | place_name
calle 16 de septiembre 204 | stray_number
16 de septiembre, colonia Centro | place_name
en 16 de septiembre | place_name
avenida 20 de noviembre | place_name
Escuela 5 de Mayo | place_name
plaza 5 de mayo, 10:00 | place_name
conmemoración del 5 de mayo | place_name
salón 3 | nothing_found
10 personas | nothing_found
50 sillas y 3 mesas | nothing_found
a las 10 en el auditorio | no_day
viernes santo | unknown_words
viernes de ceniza | unknown_words
el 24 personas | unknown_words
mañana 10 | stray_number
10 | stray_number
5 de diciembre 10 | stray_number
oficio 123 del 5 de diciembre | stray_number
12345 | stray_number
5 de diciembre de 20266 | stray_number
7221234567 | stray_number
٥ de diciembre | unknown_words
½ | unknown_words
+5 pm | unknown_words
viernes a medianoche | midnight
mañana a las 12 de la noche | midnight
el otro viernes | conditional
segundo viernes | conditional
un viernes | conditional
cualquier viernes | conditional
mañana pasado el mediodía | past
4 y 5 pm | stray_number
a las 4 y 5 | stray_number
el 20 hrs | stray_number
folio 2026-11-20 | stray_number
5/12/2026 17 | stray_number
de 3 a 5 años | no_day
mañana de 3 a 5 videos | unknown_words
del viernes 27 al domingo 29 | several_dates
del 27 al 29 | several_dates
los días 5 y 6 | no_day
hoy o mañana | several_dates
24 de | stray_number
"""

# Written after the grammar, as the staff of a town hall would; «?» means that a question is the right answer.
FROM_THE_TOWN_HALL = """
viernes 4 de diciembre 12 hrs | 12-04 12:00
El evento será el próximo jueves 26 a las 18:00 hrs | 11-26 18:00
jueves 26 de noviembre, de 9:00 a 11:00 am | 11-26 09:00-11:00
2 de diciembre, 1:30 pm | 12-02 13:30
Para el lunes 30, si es posible | 11-30
27 de nov | 11-27
mañana a mediodia | 11-19 12:00
nos urge para hoy a las 3 pm | 11-18 15:00
el dia 9 de dic. a las 9:00 hrs. | 12-09 09:00
3 de diciembre a partir de las 10 am | 12-03 10:00
martes 8 de diciembre a las 17:30 horas | 12-08 17:30
9 dic 2026 16h | 12-09 16:00
Sábado 28/11 10am | 11-28 10:00
el sábado a las once | 11-21 11:00
este jueves 10:30 | 11-19 10:30
la siguiente semana el miércoles | 11-25
domingo 6 de diciembre 7 de la noche | 12-06 19:00
14/12/2026 a las 14 hrs | 12-14 14:00
el 15 de diciembre de 10 a 14 horas | 12-15 10:00-14:00
viernes 11 a las 5 de la tarde | 12-11 17:00
12 de diciembre, misa a las 7 am | 12-12 07:00
Se llevará a cabo el día jueves 10 de diciembre del año en curso a las 11:00 horas | 12-10 11:00
para publicarse el 1 de diciembre | 12-01
que salga publicado el lunes temprano | 11-23
entre el 5 y el 8 de diciembre | ?
20 de noviembre desfile | ?
el desfile del 20 de noviembre | ?
24 de diciembre a las 8 de la noche | 12-24 20:00
Navidad | ?
el lunes a primera hora | 11-23
lunes 30 de noviembre 2026 8:00 a 15:00 | 11-30 08:00-15:00
jueves 3 dic 4:00pm a 6:00pm | 12-03 16:00-18:00
mier 25 nov 5pm | 11-25 17:00
Jue. 3/12 – 13:00 h | 12-03 13:00
a la 1 de la tarde del viernes | 11-20 13:00
a las 12 del día del 4 de diciembre | 12-04 12:00
4 de diciembre a las doce del día | 12-04 12:00
viernes cuatro de diciembre, cinco de la tarde | 12-04 17:00
seis y media de la tarde mañana | 11-19 18:30
mañana 18 | ?
martes 24 a las 6 | 11-24 18:00?
el 1ro de diciembre a las 4 | 12-01 16:00?
dentro de 10 días | 11-28
en un mes a las 10 am | 12-18 10:00
de aquí a 8 días | ?
de mañana en quince | 12-03
en dos días a las 9:00 | 11-20 09:00
la última semana de noviembre | ?
último día de noviembre, 13:00 | 11-30 13:00
primer viernes de diciembre 10:00 hrs | 12-04 10:00
lunes a las 10 o martes a las 12 | ?
lunes 23 y martes 24 de noviembre | ?
23, 24 y 25 de noviembre | ?
no tengo fecha todavía | ?
aún no sabemos | ?
después de las 5 | ?
Av. 5 de Mayo 120 | ?
Calle 20 de noviembre esquina con Juárez | ?
Deportivo 16 de septiembre | ?
Auditorio 5 de mayo a las 10 | ?
jardín de niños 21 de marzo, viernes 27 de noviembre 9 am | ?
3 videos y 2 flyers | ?
lona de 3 x 2 | ?
28 de noviembre en Casa de Cultura a las 16:00 | 11-28 16:00
viernes 27 noviembre 10:00 casa de cultura | 11-27 10:00
Casa de Cultura viernes 27 de noviembre 10:00 | 11-27 10:00
reunión con vecinos el 25 de noviembre a las 6 pm | 11-25 18:00
cabildo abierto: jueves 26, 10 hrs | 11-26 10:00
Lunes 23/Nov/26 12:00 | 11-23 12:00
23.11.26 | 11-23
23 11 2026 | 11-23
23-nov | 11-23
11/30 | ?
31/06/2027 | ?
31 de abril | ?
lunes 24 de noviembre | ?
sabado 27 de noviembre a las 9 | ?
jueves 19 nov. 26:30 | ?
a las 8:60 | ?
ayer a las 5 | ?
el pasado viernes | ?
15 nov | ?
20 de noviembre del 2025 | 2025-11-20
20/nov/2027 | 2027-11-20
10 de marzo | 2027-03-10
7 enero 9:30am | 2027-01-07 09:30
enero 7 | 2027-01-07
5 de febrero del 27 | 2027-02-05
hoy en la noche | 11-18
hoy de 5 a 7 | 11-18 17:00-19:00?
hoy 13:30 | 11-18 13:30
ahora mismo | ?
lo más pronto posible, mañana si se puede | 11-19
mañana sin falta a las 8:15 | 11-19 08:15
vierns 20 noviembre | 11-20
jueves 3 de dicienbre a las 10:00 horas | 12-03 10:00
meircoles 2 de diciembre | 12-02
el 5 o 6 de diciembre | ?
una semana antes del 20 de diciembre | ?
21 de noviembre 20:00 a 23:30 hrs, baile | 11-21 20:00-23:30
"""


def expected(line: str, year: int) -> tuple[str, When]:
    phrase, _, told = line.rpartition(" | ")
    day, _, hours = told.partition(" ")
    start, _, end = hours.rstrip("?").partition("-")
    return phrase, When(
        dt.date.fromisoformat(day if len(day) > len("12-05") else f"{year}-{day}"),
        dt.time.fromisoformat(start) if start else None,
        dt.time.fromisoformat(end) if end else None,
        ambiguous_hour=hours.endswith("?"),
    )


READ = [
    pytest.param(now, *expected(line, now.year), id=line)
    for now, table in (
        (WEDNESDAY, FROM_WEDNESDAY),
        (MONDAY_IN_YEAR_2025, FROM_MONDAY_IN_YEAR_2025),
        (LATE_ON_A_SUNDAY, FROM_LATE_ON_A_SUNDAY),
        (FRIDAY_OF_A_LEAP_YEAR, FROM_A_LEAP_YEAR),
    )
    for line in table.strip().splitlines()
]
ASKED = [line.rpartition(" | ") for line in ASKED_FROM_WEDNESDAY[1:].splitlines()]


@pytest.mark.parametrize(("now", "phrase", "when"), READ)
def test_what_people_type_is_understood(now: dt.datetime, phrase: str, when: When) -> None:
    assert read_when(phrase, now=now) == when


@pytest.mark.parametrize("line", FROM_THE_TOWN_HALL.strip().splitlines())
def test_what_a_town_hall_writes_is_understood_or_asked(line: str) -> None:
    if line.endswith(" | ?"):
        assert isinstance(read_when(line.removesuffix(" | ?"), now=WEDNESDAY), Unclear)
    else:
        phrase, when = expected(line, WEDNESDAY.year)
        assert read_when(phrase, now=WEDNESDAY) == when


@pytest.mark.parametrize(("phrase", "reason"), [(phrase, reason) for phrase, _, reason in ASKED])
def test_what_is_not_certain_is_asked(phrase: str, reason: str) -> None:
    answer = read_when(phrase, now=WEDNESDAY)
    assert isinstance(answer, Unclear)
    assert answer.reason == reason
    assert answer.why


# Facts for the buttons


@pytest.mark.parametrize(
    ("phrase", "why", "candidates"),
    [
        ("31 de noviembre", "El 31 de noviembre no existe: noviembre tiene 30 días. ¿Qué día es?", []),
        ("29 de febrero", "El 29 de febrero no existe en 2027: febrero tiene 28 días. ¿Qué día es?", []),
        ("0/12", "No existe el día 0. Escribe el día, el mes y la hora, por ejemplo «5 de diciembre, 17:00».", []),
        (
            "viernes 5 de diciembre a las 10",
            "El 5 de diciembre de 2026 es sábado, no viernes. ¿Cuál es?",
            ["2026-12-04", "2026-12-05"],
        ),
        (
            "12/25/2026",
            "Aquí va primero el día y luego el mes. ¿Quisiste decir el viernes 25 de diciembre de 2026?",
            ["2026-12-25"],
        ),
        (
            "15 de noviembre",
            "El domingo 15 de noviembre ya pasó. Si es de otro año, escríbelo con el año.",
            ["2027-11-15"],
        ),
        ("lunes o martes", "Entendí más de una fecha. ¿Cuál es?", ["2026-11-23", "2026-11-24"]),
        ("5 y 6 de diciembre", "Entendí más de una fecha. ¿Cuál es?", ["2026-12-05", "2026-12-06"]),
        ("miércoles", "Entendí más de una fecha. ¿Cuál es?", ["2026-11-18", "2026-11-25"]),
    ],
)
def test_a_question_says_what_is_wrong_and_offers_the_days(phrase: str, why: str, candidates: list[str]) -> None:
    answer = read_when(phrase, now=WEDNESDAY)
    assert isinstance(answer, Unclear)
    assert answer.why == why
    assert [day.isoformat() for day in answer.candidates] == candidates


def test_the_hour_survives_the_choice_of_a_day() -> None:
    answer = read_when("viernes 5 de diciembre de 5 a 7", now=WEDNESDAY)
    assert isinstance(answer, Unclear)
    assert answer.settled(answer.candidates[0]) == When(
        dt.date(2026, 12, 4), dt.time(17), dt.time(19), ambiguous_hour=True
    )


def test_hours_from_now_follow_the_clock_of_the_world() -> None:
    # In Tijuana the night of 7 to 8 March 2026 lacks an hour.
    now = dt.datetime(2026, 3, 7, 20, 0, tzinfo=ZoneInfo("America/Tijuana"))
    assert read_when("en 24 horas", now=now) == When(dt.date(2026, 3, 8), dt.time(21), None, ambiguous_hour=False)


def test_dates_are_said_in_full() -> None:
    assert long_date(dt.date(2026, 12, 11)) == "viernes 11 de diciembre de 2026"
    assert long_when(dt.date(2026, 12, 11), dt.time(17)) == "viernes 11 de diciembre de 2026, 17:00 h"
    assert long_when(dt.date(2026, 12, 9), None) == "miércoles 9 de diciembre de 2026"


def test_a_long_text_is_not_searched_for_a_date() -> None:
    answer = read_when("mañana a las 10 " * 20, now=WEDNESDAY)
    assert isinstance(answer, Unclear)
    assert answer.reason == "too_long"


# The sweep: forms, days and hours put together by a second, simpler hand

MONTHS = [
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
]
WEEKDAYS = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]
FORMS = [
    "{d} de {month} de {y}",
    "{weekday} {d} de {month} de {y}",
    "{weekday}, {d} de {month} del {y}",
    "el {d}/{m}/{y}",
    "{d:02}/{m:02}/{y}",
    "{d:02}-{m:02}-{y}",
    "{d}.{m}.{yy}",
    "{y}-{m:02}-{d:02}",
    "{d}-{abbr}-{yy}",
    "{month} {d}, {y}",
    "{weekday} {d:02}/{m:02}/{yy}",
]
HOURS: list[tuple[str, tuple[str, str | None, bool]]] = [
    ("", ("", None, False)),
    (" a las 10", ("10:00", None, False)),
    (", 17:00 h", ("17:00", None, False)),
    (" 5:30 p.m.", ("17:30", None, False)),
    (" a las 5", ("17:00", None, True)),
    (" a las 3 y media de la tarde", ("15:30", None, False)),
    (" de 10 a 13 hrs", ("10:00", "13:00", False)),
    (", 6 a 8 pm", ("18:00", "20:00", False)),
    (" cuarto para las 9 de la noche", ("20:45", None, False)),
    (" por la mañana", ("", None, False)),
    (" al mediodía", ("12:00", None, False)),
]


def test_every_form_of_every_day_with_every_hour() -> None:
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=17 * step) for step in range(60)]
    days += [dt.date(year, month, monthrange(year, month)[1]) for year in (2027, 2028) for month in range(1, 13)]
    for day, form, (words, (start, end, unsure)) in product(days, FORMS, HOURS):
        month = MONTHS[day.month - 1]
        phrase = words.join(
            [
                form.format(
                    d=day.day,
                    m=day.month,
                    y=day.year,
                    yy=day.year % 100,
                    month=month,
                    abbr=month[:3],
                    weekday=WEEKDAYS[day.weekday()],
                ),
                "",
            ]
        )
        when = When(
            day,
            dt.time.fromisoformat(start) if start else None,
            dt.time.fromisoformat(end) if end else None,
            ambiguous_hour=unsure,
        )
        assert read_when(phrase, now=WEDNESDAY) == when, phrase


def test_a_wrong_weekday_is_never_swallowed() -> None:
    for step, wrong in product(range(0, 365, 5), range(1, 7)):
        day = WEDNESDAY.date() + dt.timedelta(days=step)
        phrase = f"{WEEKDAYS[(day.weekday() + wrong) % 7]} {day.day} de {MONTHS[day.month - 1]} de {day.year}"
        answer = read_when(phrase, now=WEDNESDAY)
        assert isinstance(answer, Unclear), phrase
        assert answer.reason == "weekday_mismatch"
        assert day in answer.candidates


# Anything at all

NOWS = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2036, 12, 31), timezones=st.just(ZONE))  # noqa: DTZ001 (the zone is given beside)
SHREDS = """
    el la de del a las en y o , - para mañana hoy pasado viernes lunes mar próximo que viene semana mes
    diciembre dic 5 24 31 0 99 10:30 10:75 5/12 13/25 2026 5-12 am pm hrs tarde noche media cuarto
    mediodía medianoche parque salón personas fin último primer día días ocho quince dentro un una
"""
WORDS = st.lists(st.sampled_from(SHREDS.split()), max_size=25).map(" ".join)


@settings(max_examples=400)
@given(st.text(max_size=200) | WORDS, NOWS)
def test_whatever_is_typed_gets_an_answer(text: str, now: dt.datetime) -> None:
    match read_when(text, now=now):
        case When() as when:
            assert dt.date(1900, 1, 1) <= when.date <= dt.date(now.year + 10, 12, 31)
            assert when.time is not None or (when.end is None and not when.ambiguous_hour)
        case Unclear() as unclear:
            assert unclear.reason in get_args(Reason)
            assert unclear.why
            assert "\n" not in unclear.why


@pytest.mark.parametrize(
    "text", ["\u202e5 de diciembre", "5\u200b de diciembre", "5 de diciembre\x00", "5️⃣ de diciembre"]
)
def test_invisible_signs_do_not_matter(text: str) -> None:
    assert read_when(text, now=WEDNESDAY) == When(dt.date(2026, 12, 5), None, None, ambiguous_hour=False)
