"""What the page says to readers: one claim's answer, how it was counted, and what it rests on."""
