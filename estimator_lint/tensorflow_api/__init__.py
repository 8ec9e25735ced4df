"""Facts about TensorFlow, as data.  Nothing here imports TensorFlow."""
