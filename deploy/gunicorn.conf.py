"""gunicorn for one machine; `make run` starts it like this."""

wsgi_app = "reglab.wsgi"
workers = 2
# Loading once, before the workers are forked, makes a wrong setting one line instead of a line a worker
preload_app = True
