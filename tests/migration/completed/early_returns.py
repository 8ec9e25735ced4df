import tensorflow.compat.v1 as tf
from tensorflow import keras


class Model(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(units=3)
        self.accuracy = keras.metrics.Accuracy()
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
            predictions = {
                "classes": tf.argmax(logits, 1),
                "probabilities": tf.nn.softmax(logits),
            }
            loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
            self._train_op(tape, loss)
        return {"loss": loss}

    def test_step(self, data):
        features, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        logits = self.dense(features["x"])
        predictions = {
            "classes": tf.argmax(logits, 1),
            "probabilities": tf.nn.softmax(logits),
        }
        loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
        metrics = {"accuracy": self.accuracy(labels, predictions["classes"])}
        return {"loss": self.mean_loss(loss), **metrics}

    def predict_step(self, data):
        features, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        logits = self.dense(features["x"])
        predictions = {
            "classes": tf.argmax(logits, 1),
            "probabilities": tf.nn.softmax(logits),
        }
        return predictions
