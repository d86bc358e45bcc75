"""How fast Hearth is, beside something that everybody knows: each figure is a ratio measured within one run."""
