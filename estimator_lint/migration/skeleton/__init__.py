"""A ``keras.Model`` written from a model function: its own lines, in the step that runs them."""
