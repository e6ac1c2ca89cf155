"""What durability costs: the same dialogue with this bot and with four that its users would write."""
