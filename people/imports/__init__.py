"""Lists of persons that come in as spreadsheets: secretaries with their accounts, rosters."""
