"""nginx, HAProxy and Apache httpd for Scripts/interop/http-differential: as servers that say what they were asked, and as
proxies with kept-alive connections behind them. Imported, never called.

Taken from where Debian puts them, or else unpacked from Debian's packages into .build, without installing anything.
"""
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import time

import harness

PACKAGES = {"nginx": "nginx", "haproxy": "haproxy", "apache2": "apache2-bin"}
place = harness.build_folder / "interop/http-differential"


def programs():
    """The three programs' paths, and the environment to run them in."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    found = {name: shutil.which(name, path=path) for name in PACKAGES}
    if all(found.values()):
        return found, dict(os.environ)
    unpacked = place / "root"
    if not all((unpacked / "usr/sbin" / name).exists() for name in PACKAGES):
        unpack(unpacked)
    library_folders = [str(folder) for folder in (unpacked / "usr/lib").glob("*-linux-gnu")] + [str(unpacked / "usr/lib")]
    environment = dict(os.environ, LD_LIBRARY_PATH=":".join(library_folders))
    return {name: str(unpacked / "usr/sbin" / name) for name in PACKAGES}, environment


def unpack(folder):
    archives = place / "archives"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        harness.stop("set-up failed:\nno nginx, haproxy and apache2, and no Debian to take them from", harness.SETUP_FAILED)
    command = ["apt-get", "install", "--download-only", "--yes", "--no-install-recommends", "--reinstall", "-o",
               f"Dir::Cache::archives={archives}", "-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User=root",
               *PACKAGES.values()]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if done.returncode != 0:
        subprocess.run(["apt-get", "update"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        harness.run_setup(command)
    for archive in sorted(archives.glob("*.deb")):
        harness.run_setup(["dpkg", "-x", str(archive), str(folder)])


def free_port():
    """A port that nobody has; whoever is given it takes it soon."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# Each program is reached at five ports: `origin` answers itself; `strict` and `lax` pass on to the server under test, `lax` with
# whatever the program has to switch checks off or to pass bodies on as they come; `captured` and `captured_lax` do the same to
# the server that writes down what comes.
KINDS = ("origin", "strict", "lax", "captured", "captured_lax")
NGINX = """
daemon off; worker_processes 1; {user} pid {folder}/nginx.pid; error_log {folder}/error.log crit;
events {{ worker_connections 512; }}
http {{
  access_log off; keepalive_requests 1000000; keepalive_timeout 60s; lingering_close always; lingering_timeout 1s;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s; underscores_in_headers on; ignore_invalid_headers off;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
  upstream backend {{ server 127.0.0.1:{backend}; keepalive 4; keepalive_requests 1000000; }}
  upstream capture {{ server 127.0.0.1:{capture}; keepalive 4; keepalive_requests 1000000; }}
  proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;
  proxy_read_timeout 5s;
  server {{ listen 127.0.0.1:{origin}; add_header X-Request "$request_method $request_uri" always; location / {{ return 200; }} }}
  server {{ listen 127.0.0.1:{strict}; location / {{ proxy_pass http://backend; }} }}
  server {{ listen 127.0.0.1:{lax}; location / {{ proxy_request_buffering off; proxy_pass http://backend; }} }}
  server {{ listen 127.0.0.1:{captured}; location / {{ proxy_pass http://capture; }} }}
  server {{ listen 127.0.0.1:{captured_lax}; location / {{ proxy_request_buffering off; proxy_pass http://capture; }} }}
}}
"""
HAPROXY = """
global
  maxconn 500
  nbthread 1
defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 5s
  timeout http-request 5s
  timeout http-keep-alive 60s
  http-reuse always
frontend origin
  bind 127.0.0.1:{origin}
  http-request return status 200 hdr X-Request "%[method] %[url]"
frontend strict
  bind 127.0.0.1:{strict}
  default_backend backend
frontend lax
  bind 127.0.0.1:{lax}
  option accept-invalid-http-request
  default_backend backend
frontend captured
  bind 127.0.0.1:{captured}
  default_backend capture
frontend captured_lax
  bind 127.0.0.1:{captured_lax}
  option accept-invalid-http-request
  default_backend capture
backend backend
  server one 127.0.0.1:{backend}
backend capture
  server one 127.0.0.1:{capture}
"""
APACHE = """
ServerRoot {folder}
ServerName a
PidFile {folder}/apache.pid
ErrorLog {folder}/error.log
LogLevel crit
{modules}
{user}
StartServers 1
ServerLimit 1
ThreadsPerChild 25
MaxRequestWorkers 25
KeepAlive On
KeepAliveTimeout 60
MaxKeepAliveRequests 0
Timeout 5
DocumentRoot {folder}/pages
<Directory "{folder}/pages">
  Require all granted
</Directory>
Listen 127.0.0.1:{origin}
Listen 127.0.0.1:{strict}
Listen 127.0.0.1:{lax}
Listen 127.0.0.1:{captured}
Listen 127.0.0.1:{captured_lax}
<VirtualHost 127.0.0.1:{origin}>
  Header always set X-Request "expr=%{{THE_REQUEST}}"
</VirtualHost>
<VirtualHost 127.0.0.1:{strict}>
  ProxyPass / http://127.0.0.1:{backend}/ upgrade=websocket keepalive=On max=4
</VirtualHost>
<VirtualHost 127.0.0.1:{lax}>
  HttpProtocolOptions Unsafe LenientMethods Allow0.9
  ProxyPass / http://127.0.0.1:{backend}/ upgrade=ANY keepalive=On max=4
</VirtualHost>
<VirtualHost 127.0.0.1:{captured}>
  ProxyPass / http://127.0.0.1:{capture}/ upgrade=websocket keepalive=On max=4
</VirtualHost>
<VirtualHost 127.0.0.1:{captured_lax}>
  HttpProtocolOptions Unsafe LenientMethods Allow0.9
  ProxyPass / http://127.0.0.1:{capture}/ upgrade=ANY keepalive=On max=4
</VirtualHost>
"""
MODULES = ["mpm_event", "authz_core", "headers", "proxy", "proxy_http"]


class Trio:
    """The three programs, running; each is reached at the ports of its name in `ports`."""

    def __init__(self, backend, capture):
        self.backend, self.capture = backend, capture
        self.ports = {}
        self.versions = {}
        self.running = contextlib.ExitStack()

    def __enter__(self):
        found, environment = programs()
        self.folder = place / f"run-{os.getpid()}"
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "pages").mkdir(parents=True)
        (self.folder / "pages/request").write_text("asked\n")
        modules = pathlib.Path(found["apache2"]).parents[1] / "lib/apache2/modules"
        root = os.geteuid() == 0
        loaded = "\n".join(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in MODULES)
        with contextlib.ExitStack() as stack:
            self._start(stack, "nginx", NGINX, [found["nginx"], "-p", self.folder, "-e", self.folder / "early", "-c"], environment,
                        user="user root;" if root else "")
            self._start(stack, "haproxy", HAPROXY, [found["haproxy"], "-db", "-f"], environment)
            self._start(stack, "apache", APACHE, [found["apache2"], "-D", "FOREGROUND", "-f"], environment, modules=loaded,
                        user="User #65534\nGroup #65534" if root else "")
            self.running = stack.pop_all()
        for name, switch in [("nginx", "-v"), ("haproxy", "-v"), ("apache2", "-v")]:
            shown = subprocess.run([found[name], switch], env=environment, text=True, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT).stdout
            self.versions[name] = shown.splitlines()[0]
        return self

    def _start(self, stack, name, template, command, environment, **more):
        ports = {kind: free_port() for kind in KINDS}
        text = template.format(folder=self.folder, backend=self.backend, capture=self.capture, **ports, **more)
        file = self.folder / f"{name}.conf"
        file.write_text(text)
        process = stack.enter_context(harness.Process([*command, file], env=environment))
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and process.is_running:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", ports["captured_lax"]), 1):
                self.ports[name] = ports
                return
            time.sleep(0.05)
        harness.stop(f"{name} does not start:\n" + "\n".join(process.lines), harness.SETUP_FAILED)

    def __exit__(self, *_):
        self.running.close()
        shutil.rmtree(self.folder, ignore_errors=True)
