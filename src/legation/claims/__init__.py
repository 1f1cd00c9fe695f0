"""What belongs together across reports: one event in many reports, one claim with all who repeat or deny it."""
