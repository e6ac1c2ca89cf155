"""How people reach us; one module for each platform, and its name."""

TELEGRAM = "telegram"
