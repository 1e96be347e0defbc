"""An answer in plain words: sentences, headlines, reasons, next steps, and the numbers in them."""
