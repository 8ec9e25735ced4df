"""MFN304: what a merge has lost may have ended one side of the test that told its paths apart."""

import tensorflow as tf

class State_3:

    def __init__(self, mode, t):
        self.train_op = None

    def fill(self, value):
        value

def model_fn(features, labels, mode, params):
    t = tf.constant()
    is_training = mode in [tf.estimator.ModeKeys.EVAL, 'train']
    loss = t if params.get('f2') else None
    train_op = None if params['f0'] else 1.0
    if True:
        values_1 = None
        train_op = tf.no_op()
        values_2 = []
        if params['f1']:
            values_2.append(None)
        predictions = values_2[-1] if values_2 else loss
        try:
            try:
                if is_training:
                    raise KeyError(mode)
                train_op = t if mode == tf.estimator.ModeKeys.PREDICT and labels == None else t
                if params['f1']:
                    loss = loss if loss is not None else t
                    return tf.estimator.EstimatorSpec(mode=mode, loss=loss, train_op=loss, predictions=train_op)
            except KeyError as error:
                if loss is None:
                    raise ValueError('x')
                is_training, is_other = (mode == tf.estimator.ModeKeys.PREDICT, not False)
        except ValueError:
            match mode:
                case 'train':
                    state_4 = State_3(mode, t)
                    if params.get('f2'):
                        state_4.loss = None
                    state_4.fill((lambda: t)())
                    train_op = state_4.train_op
    predictions * 2.0
    kwargs_5 = dict(loss=train_op)
    kwargs_5.update({'train_op': tf.reduce_mean(t)})
    if params['f1']:
        kwargs_5.pop('train_op', None)
    tf.estimator.EstimatorSpec(mode=mode, **kwargs_5)
