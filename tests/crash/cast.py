"""Who makes the load: people who file, decide, send files, comment and withdraw for as long as they are asked to.

They act on what their phones show, as people do, so that they need not know who was killed when.
"""

import hashlib
import random
from collections.abc import Callable, Iterable
from datetime import date

from tests.crash.audit import Form
from tests.sandbox.pictures import png
from tests.story import Heard, Phone, World, together

# Every so many-th folio of a series is left open, and some of them are withdrawn.
LEFT = 4


def is_left(folio: str) -> bool:
    """Whether nobody finishes this one."""
    return int(folio.rpartition("-")[2]) % LEFT == 0


def folio_of(text: str) -> str:
    """The folio with which a card begins, or that a receipt names."""
    return text.partition("Tu folio es ")[2].partition(".")[0] or text.split(" ", 1)[0].strip()


class Person(Phone):
    """A phone whose owner can finish with what it has shown."""

    def __init__(self, world: World, person: int, chance: random.Random) -> None:
        super().__init__(world, person, f"Persona {person}")
        self.chance = chance
        self.sent: list[str] = []

    def has_done(self) -> None:
        """Put away everything heard: a chat keeps its order, so what is repeated of it has come by now."""
        self._unread.clear()

    async def cards(self, *labels: str, wait: float = 1.0) -> list[tuple[str, Heard]]:
        """Every card that has one of these buttons now, with the button.

        A question that asks once more has the same; its buttons may stay where a process died before they went.
        """
        await self._look(wait=wait)
        shown = [(one, heard) for heard in self._messages.values() for one in labels if one in heard.labels]
        return [(one, heard) for one, heard in shown if heard.data[one].startswith("t:")]

    async def sends_some_file(self, *, kind: str) -> None:
        """Send a picture of its own, and remember by which hash it is known."""
        content = png(self.chance.randint(40, 400), self.chance.randint(40, 400)) + self.chance.randbytes(8)
        self.sent.append(hashlib.sha256(content).hexdigest())
        await self.sends(content, f"archivo-{len(self.sent)}.png", kind=kind)


class Enlace(Person):
    """Files one request after the other."""

    def __init__(self, world: World, person: int, chance: random.Random, *, on: date) -> None:
        super().__init__(world, person, chance)
        self.forms: list[Form] = []
        self._on = on.strftime("%d/%m/%Y")
        self.commented = 0
        self.withdrew = 0

    async def works(self, go_on: Callable[[], bool]) -> None:
        while go_on():
            asks = self._for_coverage if self.chance.random() < 0.7 else self._for_a_design
            receipt = await asks(f"{self.person}-{len(self.forms)}")
            await self._says_more(receipt)

    async def _for_coverage(self, mark: str) -> Heard:
        steps = [
            ("Nombre del evento", f"Feria {mark}"),
            ("Fecha y hora", f"{self._on} 10:00"),
            ("Lugar y dirección", f"Plaza {mark}"),
            ("Foto y/o video", "foto"),
        ]
        return await self._fills_in(
            "GCH-CCS-P01-2023",
            steps,
            {"evento": f"Feria {mark}", "lugar": {"text": f"Plaza {mark}"}, "formato": "foto"},
        )

    async def _for_a_design(self, mark: str) -> Heard:
        steps = [
            ("Justificación", f"Difundir la feria {mark}"),
            ("Tipo de material", "lona"),
            ("Formato del archivo", "pdf, jpg, listo"),
            ("Digital o para impresión", "digital"),
            ("Plataforma", f"Facebook {mark}"),
            ("Texto", f"Feria {mark}"),
            ("Eslogan", "omitir"),
            ("Logotipos", "document"),
            ("Fecha que llevará", f"hoy {mark}"),
            ("Imagen", "photo"),
            ("Fecha en que se requiere", self._on),
            ("Enlace de seguimiento", "1"),
        ]
        return await self._fills_in(
            "GCH-CCS-P06-2023",
            steps,
            {"justificacion": f"Difundir la feria {mark}", "plataforma": f"Facebook {mark}", "fecha": f"hoy {mark}"},
        )

    async def _fills_in(self, code: str, steps: Iterable[tuple[str, str]], answers: dict[str, object]) -> Heard:
        """Answer all of it: question by question, or in haste, without waiting for a single one."""
        haste = self.chance.random() < 0.5
        await self.says(f"/nueva {code}")
        for heard, said in [*steps, ("Revisa antes de enviar", "enviar")]:
            if not haste:
                await self.hears(heard)
            if said in {"document", "photo"}:
                await self.sends_some_file(kind=said)
                await self.says("listo")
            else:
                await self.says(said)
        known = {form.folio for form in self.forms}
        while folio_of((receipt := await self.hears("Tu folio es")).text) in known:
            pass
        self.forms.append(Form(str(self.person), folio_of(receipt.text), answers))
        self.has_done()
        return receipt

    async def _says_more(self, receipt: Heard) -> None:
        folio = folio_of(receipt.text)
        if self.chance.random() < 0.3:
            await self.says(f"Con estacionamiento, {folio}", reply_to=receipt.id)
            await self.hears("Comentario agregado")
            self.commented += 1
        if is_left(folio) and self.chance.random() < 0.5:
            await self.presses("Retirar", on=receipt)
            await self.hears("¿Por qué la retiras?")
            await self.says("omitir")
            await self.hears("nadie más la atenderá")
            await self.says("retirar")
            await self.hears(folio, "Solicitud retirada")
            self.withdrew += 1
        self.has_done()


class Presser(Person):
    """Presses one button wherever it is shown, and again if it still is after the bot was started again."""

    def __init__(self, world: World, person: int, chance: random.Random, label: str) -> None:
        super().__init__(world, person, chance)
        self._label = label
        self._pressed: set[tuple[str, int]] = set()
        self.duels = 0

    async def works(self, go_on: Callable[[], bool], life: Callable[[], int], rival: "Presser | None" = None) -> None:
        """Press for as long as asked to; often a rival with the same card presses at the same instant."""
        while go_on():
            for label, card in await self.cards(self._label):
                press = (card.data[label], life())
                if press in self._pressed:
                    continue
                self._pressed.add(press)
                theirs = await rival.card(press[0]) if rival is not None and self.chance.random() < 0.7 else None
                if rival is None or theirs is None:
                    await self.presses(label, on=card)
                elif self.chance.random() < 0.3:
                    await rival.presses(label, on=theirs)
                else:
                    self.duels += 1
                    await together(self.presses(label, on=card), rival.presses(label, on=theirs))

    async def card(self, data: str) -> Heard | None:
        """The card with that very button, where it has come."""
        found = [card for label, card in await self.cards(self._label, wait=0) if card.data[label] == data]
        return found[0] if found else None


class Comunicacion(Person):
    """Does the work that is turned to it, one thing at a time; some of it never."""

    async def works(self, go_on: Callable[[], bool]) -> None:
        done: set[str] = set()
        acts = {
            "Cobertura realizada": self._covers,
            "Concluir cobertura": self._shows_what_was_covered,
            "Enviar propuesta": self._proposes,
            "Concluir solicitud": self._concludes,
        }
        while go_on():
            for label, card in await self.cards(*acts):
                folio = folio_of(card.text)
                if is_left(folio) or card.data[label] in done:
                    continue
                done.add(card.data[label])
                self.has_done()
                await self.presses(label, on=card)
                await acts[label](folio)
                self.has_done()

    async def _covers(self, folio: str) -> None:
        """It is early for the event, so the bot asks once more."""
        while "Todavía no" not in (asked := await self.hears(folio)).labels:
            pass
        await self.presses(asked.labels[-1], on=asked)
        await self.hears(folio, "Actividad 8 de 8")

    async def _shows_what_was_covered(self, folio: str) -> None:
        await self.hears("Evidencia", "Paso 1 de 2")
        await self.sends_some_file(kind="photo")
        await self.says("listo")
        await self.hears("Boletín informativo")
        await self.says("omitir")
        await self.hears(folio, "Concluida")

    async def _proposes(self, folio: str) -> None:
        await self.hears("Manda la propuesta de diseño")
        await self.sends_some_file(kind="document")
        await self.hears("Recibí 1 archivo")
        await self.says("listo")
        await self.hears(folio, "✓ Enviar propuesta")

    async def _concludes(self, folio: str) -> None:
        await self.hears("Archivos finales")
        await self.says("omitir")
        await self.hears(folio, "Concluida")
