"""gunicorn for one machine; `make run` starts it like this."""

wsgi_app = "reglab.wsgi"
workers = 2
# Threads, so that a slow reader on a train doesn't occupy a worker, and so that many can wait to send in
threads = 64
# However long an address somebody sends, the answer is a page of ours
limit_request_line = 0
# Loading once, before the workers are forked, makes a wrong setting one line instead of a line a worker
preload_app = True
# It would be made in the home directory of whoever starts the server
control_socket_disable = True
# Longer than the proxy in front keeps its connections to us, so that none is closed just as a request comes over it
keepalive = 75
