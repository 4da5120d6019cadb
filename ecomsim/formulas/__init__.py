"""Pure numpy mathematics with textbook oracles; nothing here knows a store, a table or a random stream."""
