"""How units work with agencies, rated by the agencies; shown from five ratings on."""
