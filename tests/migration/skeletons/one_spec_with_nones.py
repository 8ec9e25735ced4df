import tensorflow.compat.v1 as tf
from tensorflow import keras


class NoneFirstModel(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(units=3)
        self.mean_loss = keras.metrics.Mean()
        self.compile(
            optimizer=keras.optimizers.SGD(learning_rate=0.1), jit_compile=False
        )

    def _train_op(self, tape, loss):
        gradients = tape.gradient(loss, self.trainable_variables)
        return self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))

    def call(self, inputs, training=False):
        return self.predict_step(inputs)

    def train_step(self, data):
        features, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            logits = self.dense(features["x"])
            predictions = None
            loss = None
            train_op = None
            loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
            train_op = self._train_op(tape, loss)
        return {"loss": loss}

    def test_step(self, data):
        features, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        logits = self.dense(features["x"])
        predictions = None
        loss = None
        train_op = None
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
        return {"loss": self.mean_loss(loss)}

    def predict_step(self, data):
        features, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        logits = self.dense(features["x"])
        predictions = None
        loss = None
        train_op = None
        predictions = {"logits": logits}
        return predictions

    # TODO: no step runs these lines:
    #   raise ValueError("mode not recognized: %s" % mode)
