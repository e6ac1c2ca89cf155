"""P01 on the sandbox's page, by clicking and typing as a person would, in headless Chromium."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright

from bot import app
from bot.sandbox.clock import SandboxClock
from bot.settings import Settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("OFICIALIA_REQUIRE_BROWSER") != "1",
    reason="no Chromium on this machine (Debian: apt-get install chromium); CI installs it",
)


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    settings = Settings(data=tmp_path, rate=1000.0, chat_burst=1000)
    async with app.sandbox(settings, port=0, manual="chalco", clock=SandboxClock()) as (server, _):
        yield server.url


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


async def opened(browser: Browser, address: str, *, width: int, height: int) -> Page:
    page = await browser.new_page(viewport={"width": width, "height": height}, locale="es-MX")
    page.on("pageerror", _fail)
    page.on("request", lambda request: _stays_here(request.url, address))
    await page.goto(address)
    return page


def _fail(error: Exception) -> None:
    raise AssertionError(str(error))


def _stays_here(url: str, address: str) -> None:
    assert url.startswith((address, "data:", "blob:")), url


def phone(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=f"Teléfono de {name}")


async def says(person: Locator, text: str) -> None:
    await person.get_by_label("Mensaje").fill(text)
    await person.get_by_role("button", name="Enviar", exact=True).click()


async def test_a_coverage_is_asked_for_and_decided_side_by_side(browser: Browser, address: str) -> None:
    page = await opened(browser, address, width=1440, height=900)
    ana, rosa, diego = (phone(page, name) for name in ("Ana Robles", "Rosa Ibarra", "Diego Luna"))
    await ana.get_by_role("button", name="Iniciar").click()
    await ana.get_by_role("button", name="Nueva solicitud").click()
    await ana.get_by_role("button", name="Que cubran un evento").click()
    await ana.get_by_text("¿Cómo se llama el evento").wait_for()
    await says(ana, "Inauguración de la Casa de Cultura")
    await ana.get_by_text("¿Qué día y a qué hora empieza?").wait_for()
    await (
        ana.locator("button", has_text="dic")
        .or_(ana.locator("button", has_text="nov"))
        .or_(ana.locator("button", has_text="ene"))
        .first.wait_for()
    )
    await says(ana, "15 de diciembre de 2031 5 pm")
    await ana.get_by_text("Escribe el lugar y su dirección").wait_for()
    await says(ana, "Casa de Cultura, Av. Solidaridad 12")
    await ana.get_by_role("button", name="Foto y video").click()
    await ana.get_by_role("button", name="Enviar solicitud").click()
    await ana.get_by_text("Tu folio es").wait_for()

    await rosa.get_by_text("¿Cumple con los requisitos?").wait_for()
    await rosa.get_by_role("button", name="Sí cumple", exact=True).click()
    await rosa.get_by_text("✓ Sí cumple").wait_for()
    assert await rosa.get_by_role("button", name="Sí cumple", exact=True).count() == 0
    await diego.get_by_text("Registra, agenda y realiza la cobertura").first.wait_for()
    await ana.get_by_text("actividad 7").first.wait_for()


async def test_on_a_phone_one_person_shows_at_a_time(browser: Browser, address: str) -> None:
    page = await opened(browser, address, width=390, height=844)
    ana = phone(page, "Ana Robles")
    await says(ana, "/nueva GCH-CCS-P01-2023")
    await ana.get_by_text("¿Cómo se llama el evento").wait_for()
    assert not await phone(page, "Rosa Ibarra").is_visible()
    await page.get_by_role("button", name="Rosa Ibarra").click()
    await phone(page, "Rosa Ibarra").get_by_role("button", name="Iniciar").wait_for()
    assert not await ana.is_visible()
    overflow = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert overflow is False


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_group_is_on_the_phone_of_each_of_its_people(
    browser: Browser, address: str, scheme: Literal["light", "dark"]
) -> None:
    page = await opened(browser, address, width=390, height=844)
    await page.emulate_media(color_scheme=scheme)
    await page.get_by_role("button", name="Rosa Ibarra").click()
    rosa = phone(page, "Rosa Ibarra")
    await says(rosa, "grupos")
    await rosa.get_by_role("button", name="Agregar a un grupo").click()
    asked = page.get_by_role("dialog", name="Nuevo grupo")
    await asked.get_by_label("Nombre").fill("Comunicación")
    await asked.get_by_label("Mariana Paz").check()
    await asked.get_by_role("button", name="Crear").click()
    await rosa.get_by_text("En los grupos solo doy avisos").wait_for()
    await says(rosa, "Buenos días")
    await rosa.get_by_role("button", name="Oficialía Chalco").click()
    await rosa.get_by_role("button", name="Coordinador", exact=True).click()
    await rosa.get_by_text("Desde ahora llegan al grupo «Comunicación»").wait_for()

    await page.get_by_role("button", name="Mariana Paz").click()
    mariana = phone(page, "Mariana Paz")
    await mariana.get_by_role("button", name="Comunicación, 4 sin leer").click()
    await mariana.get_by_text("Buenos días").wait_for()
    names = await mariana.locator(".author").all_text_contents()
    assert {one.removesuffix(": ") for one in names} == {"Oficialía", "Rosa Ibarra"}
    await mariana.get_by_role("button", name="Más del teléfono").click()
    await mariana.get_by_role("menuitem", name="Sacar al bot").click()
    await mariana.get_by_text("Salió el bot").wait_for()
    overflow = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert overflow is False
    await page.get_by_role("button", name="Rosa Ibarra").click()
    await rosa.get_by_text("Ya no estoy en el grupo «Comunicación»").wait_for()
