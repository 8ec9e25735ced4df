import tensorflow.compat.v1 as tf
from tensorflow import keras


class Model(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.batch_normalization = keras.layers.BatchNormalization()
        self.dense = keras.layers.Dense(units=2)
        self.mean_loss = keras.metrics.Mean()
        self.compile(optimizer=keras.optimizers.Adam(epsilon=1e-8), jit_compile=False)

    def call(self, inputs, training=False):
        return self.predict_step(inputs)

    def train_step(self, data):
        features, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            training = True
            net = self.batch_normalization(features["x"], training=training)
            logits = self.dense(net)

            loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
            optimizer = self.optimizer
        # Layers of Keras run their updates themselves.
        gradients = tape.gradient(loss, self.trainable_variables)
        train_op = optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return {"loss": loss}

    def test_step(self, data):
        features, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        training = False
        net = self.batch_normalization(features["x"], training=training)
        logits = self.dense(net)

        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
        optimizer = self.optimizer
        return {"loss": self.mean_loss(loss)}

    def predict_step(self, data):
        features, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        training = False
        net = self.batch_normalization(features["x"], training=training)
        logits = self.dense(net)

        return {"logits": logits}
