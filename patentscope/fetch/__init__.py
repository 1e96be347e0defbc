"""Who answers, and in which dialect: one file each."""
