"""Walk-forward backtest of the ranking: run.py holds the protocol, the other files one part of it each."""
