/// The page's script: the gateway's 29-byte messages with a DataView, and what is drawn of them. What it
/// knows is in `market`, for whoever looks.
let gatewayScript = #"""
    "use strict";
    // What was shown, for whoever looks: symbols as {price, volume, ...}.
    let market;
    const slow = Number(new URLSearchParams(location.search).get("slow") || 0);
    const byId = id => document.getElementById(id);
    const TRADE = 29, HEADER = 8;
    // The lines' points: the last price of each quarter of a second, two minutes of them.
    const STEP = 250, POINTS = 480, LEAST_SPAN = 20000, TAPE = 48;
    let tape = [], isDirty = false, selected = null, isPaused = false, rates = [], colours = {}, attempts = 0;

    function begin() {
      market = { trades: 0, messages: 0, volume: 0, symbols: {}, closed: null, conflatedAt: 0 };
      tape = [];
      rates = [];
      byId("symbols").replaceChildren();
    }

    // SBE, little-endian: blockLength, templateId, schemaId, version; trade_id, symbol, price, quantity.
    function take(buffer) {
      const view = new DataView(buffer), now = Date.now(), before = market.trades, rows = [];
      for (let at = 0; at + TRADE <= view.byteLength; at += TRADE) {
        const header = [0, 2, 4, 6].map(place => view.getUint16(at + place, true));
        if (header.join() !== "21,1,1,0") throw new Error("expected the header 21,1,1,0, got " + header);
        const id = Number(view.getBigUint64(at + HEADER, true));
        const name = String.fromCharCode(view.getUint8(at + HEADER + 8));
        const price = view.getFloat64(at + HEADER + 9, true);
        const quantity = view.getUint32(at + HEADER + 17, true);
        const isFirst = !market.symbols[name];
        const symbol = market.symbols[name] ||= { price, first: price, volume: 0, points: [] };
        rows.push({ now, name, price, quantity, isUp: price >= symbol.price, id });
        symbol.price = price;
        symbol.volume += quantity;
        // Whoever comes late is told the past by the first message of a symbol: it was not traded now.
        note(symbol.points, Math.floor(now / STEP) * STEP, price, isFirst ? 0 : quantity);
        market.messages += 1;
        market.trades = Math.max(market.trades, id);
        market.volume += quantity;
      }
      // Fewer messages than trades: each is the last of its symbol, with the quantity of all.
      const isConflated = market.trades - before > rows.length;
      if (isConflated) market.conflatedAt = now;
      rows.forEach(row => { row.isConflated = isConflated; });
      if (!isPaused) tape = tape.concat(rows).slice(-TAPE);
      isDirty = true;
    }

    function note(points, time, price, quantity) {
      const last = points.at(-1);
      if (last && last.time === time) {
        last.price = price;
        last.low = Math.min(last.low, price);
        last.high = Math.max(last.high, price);
        last.volume += quantity;
      } else {
        points.push({ time, price, low: price, high: price, volume: quantity });
        if (points.length > POINTS) points.shift();
      }
    }

    const whole = number => Math.round(number).toLocaleString("en");
    const clock = time => new Date(time).toTimeString().slice(0, 8);
    const signed = (number, digits) => (number < 0 ? "−" : "+") + Math.abs(number).toFixed(digits);

    function show() {
      if (!isDirty) return;
      isDirty = false;
      const now = Date.now(), conflated = market.trades - market.messages;
      rates.push([now, market.trades]);
      while (rates.length > 2 && now - rates[0][0] > 3000) rates.shift();
      const [since, from] = rates[0];
      byId("trades").textContent = whole(market.trades);
      const rate = (market.trades - from) * 1000 / (now - since);
      byId("rate").textContent = now - since > 500 ? whole(rate) + "/s" : "";
      byId("messages").textContent = whole(market.messages);
      byId("conflated").textContent = whole(conflated);
      byId("part").textContent = (100 * conflated / market.trades).toFixed(1) + " %";
      byId("volume").textContent = whole(market.volume);
      showState();
      const names = Object.keys(market.symbols).sort();
      showTable(names);
      showTape();
      draw(names);
    }

    function showState() {
      const isLess = Date.now() - market.conflatedAt < 3000;
      setState(isLess ? "less" : "live", isLess ? "live, conflated" : "live");
    }

    function setState(name, text) {
      const state = byId("state");
      // Only a change is written, as it is read aloud.
      if (state.textContent !== text) { state.textContent = text; state.className = name; }
    }

    function showTable(names) {
      const most = Math.max(...names.map(name => market.symbols[name].volume)), rows = byId("symbols");
      names.forEach((name, index) => {
        const symbol = market.symbols[name], row = byId("row-" + name) || addRow(rows, name, index);
        const change = 100 * (symbol.price / symbol.first - 1), cell = kind => row.querySelector("." + kind);
        cell("price").textContent = symbol.price.toFixed(2);
        cell("change").textContent = signed(change, 2) + " %";
        cell("change").className = "change " + (change < 0 ? "down" : "up");
        cell("volume").textContent = whole(symbol.volume);
        cell("bar").style.width = 100 * symbol.volume / most + "%";
        spark(row.querySelector("canvas"), symbol.points, colours[index % 8]);
      });
    }

    function addRow(rows, name, index) {
      const row = document.createElement("tr");
      row.id = "row-" + name;
      row.dataset.symbol = name;
      row.tabIndex = rows.children.length ? -1 : 0;
      row.setAttribute("aria-selected", "false");
      row.innerHTML = `<td><span class="dot"></span>${name}</td>`
        + "<td class=\"price\"></td><td class=\"change\"></td>"
        + "<td class=\"trend\"><canvas aria-hidden=\"true\"></canvas></td><td class=\"volume\"></td>"
        + "<td class=\"share\"><div class=\"bar\"></div></td>";
      for (const part of [".dot", ".bar"]) row.querySelector(part).style.background = `var(--c${index % 8})`;
      row.onclick = () => select(selected === name ? null : name);
      rows.insertBefore(row, rows.children[index] || null);
      return row;
    }

    function showTape() {
      const list = byId("tape");
      while (list.children.length < TAPE) {
        const item = document.createElement("li");
        item.hidden = true;
        item.innerHTML = "<span></span>".repeat(5) + "<span class=\"depth\"></span>";
        list.append(item);
      }
      tape.slice().reverse().forEach((trade, place) => {
        const item = list.children[place], [time, name, price, quantity, mark, depth] = item.children;
        item.hidden = false;
        item.className = trade.isUp ? "up" : "down";
        time.textContent = clock(trade.now);
        name.textContent = trade.name;
        price.textContent = trade.price.toFixed(2);
        quantity.textContent = whole(trade.quantity);
        mark.textContent = trade.isConflated ? "Σ" : "";
        depth.style.width = Math.min(100, 45 * trade.quantity / 100) + "%";
      });
    }

    // A canvas of the size that it is shown in, in the screen's own points; its context counts in CSS pixels.
    function surface(canvas) {
      const ratio = devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
      if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
      }
      const context = canvas.getContext("2d");
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      return { context, width, height };
    }

    function spark(canvas, points, colour) {
      const { context, width, height } = surface(canvas);
      if (!points.length) return;
      const low = Math.min(...points.map(point => point.price));
      const span = Math.max(...points.map(point => point.price)) - low || 1;
      context.strokeStyle = colour;
      context.lineWidth = 1.5;
      context.beginPath();
      points.forEach((point, place) => {
        const x = 1 + (width - 2) * place / Math.max(points.length - 1, 1);
        context.lineTo(x, height - 2 - (height - 4) * (point.price - low) / span);
      });
      context.stroke();
    }

    // The steps of an axis: 1, 2 or 5 times a power of ten.
    function stepFor(span, count) {
      const rough = span / count, power = 10 ** Math.floor(Math.log10(rough));
      return power * [1, 2, 5, 10].find(factor => factor * power >= rough);
    }

    function draw(names) {
      const { context, width, height } = surface(byId("line"));
      const shown = selected ? [selected] : names;
      const lines = shown.map(name => ({ name, points: market.symbols[name]?.points || [] }));
      const times = lines.flatMap(line => line.points.map(point => point.time));
      if (!times.length) return;
      const end = Math.max(...times) + STEP, start = Math.min(...times, end - LEAST_SPAN);
      const left = 58, right = width - 64, top = 12, bottom = height - 26;
      const volumes = selected ? 46 : 0, floor = bottom - volumes;
      const value = (line, point) => selected ? point.price : 100 * (point.price / line.points[0].price - 1);
      const values = lines.flatMap(line => line.points.map(point => value(line, point)));
      const lowest = Math.min(...values), highest = Math.max(...values);
      const pad = (highest - lowest || 1) * .08, low = lowest - pad, high = highest + pad;
      const x = time => left + (right - left) * (time - start) / (end - start);
      const y = number => floor - (floor - top) * (number - low) / (high - low);
      context.font = "12px system-ui, sans-serif";
      axes(context, { left, right, top, bottom, floor, start, end, low, high, x, y });
      const columnWidth = (right - left) * STEP / (end - start);
      const columns = { x, bottom, height: volumes - 8, width: columnWidth };
      if (selected) drawVolumes(context, lines[0].points, columns);
      const ends = lines.map(line => {
        const last = line.points.at(-1), change = line.name + " " + signed(value(line, last), 1);
        return { colour: colours[names.indexOf(line.name) % 8], y: y(value(line, last)),
          text: selected ? last.price.toFixed(2) : change };
      });
      lines.forEach((line, index) => {
        context.strokeStyle = ends[index].colour;
        context.lineWidth = 1.75;
        context.lineJoin = "round";
        context.beginPath();
        line.points.forEach(point => context.lineTo(x(point.time), y(value(line, point))));
        context.lineTo(right, ends[index].y);
        context.stroke();
      });
      label(context, ends, right + 6, top, floor);
    }

    function axes(context, area) {
      context.lineWidth = 1;
      context.strokeStyle = colours.grid;
      context.fillStyle = colours.faint;
      context.textBaseline = "middle";
      context.textAlign = "right";
      const step = stepFor(area.high - area.low, Math.max(2, Math.floor((area.floor - area.top) / 55)));
      const digits = Math.max(0, -Math.floor(Math.log10(step)));
      for (let mark = Math.ceil(area.low / step) * step; mark <= area.high; mark += step) {
        const at = Math.round(area.y(mark)) + .5;
        rule(context, area.left, at, area.right, at);
        const text = selected ? mark.toFixed(Math.max(digits, 2))
          : (Math.abs(mark) < step / 2 ? "0" : signed(mark, digits)) + " %";
        context.fillText(text, area.left - 6, at);
      }
      context.textAlign = "center";
      const seconds = (area.end - area.start) / 1000;
      const most = Math.max(2, Math.floor((area.right - area.left) / 90));
      const every = 1000 * ([5, 10, 15, 30, 60].find(gap => seconds / gap <= most) || 120);
      for (let time = Math.ceil(area.start / every) * every; time <= area.end; time += every) {
        const at = Math.round(area.x(time)) + .5;
        rule(context, at, area.top, at, area.bottom);
        if (at > area.left + 10 && at < area.right - 20) context.fillText(clock(time), at, area.bottom + 13);
      }
      context.strokeStyle = colours.line;
      rule(context, area.left, area.bottom + .5, area.right, area.bottom + .5);
      rule(context, area.right + .5, area.top, area.right + .5, area.bottom);
    }

    function rule(context, x, y, toX, toY) {
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(toX, toY);
      context.stroke();
    }

    function drawVolumes(context, points, { x, bottom, height, width }) {
      const most = Math.max(1, ...points.map(point => point.volume));
      context.fillStyle = colours.column;
      for (const point of points) {
        const tall = height * point.volume / most;
        context.fillRect(x(point.time), bottom - tall, Math.max(1, width - 1), tall);
      }
    }

    // The lines' names at their ends, moved apart where they would lie upon each other.
    function label(context, ends, x, top, floor) {
      const gap = 14, sorted = ends.slice().sort((one, other) => one.y - other.y);
      sorted.forEach((end, place) => { end.at = Math.max(end.y, place ? sorted[place - 1].at + gap : top); });
      for (let place = sorted.length - 1; place >= 0; place -= 1) {
        const below = place === sorted.length - 1 ? floor : sorted[place + 1].at - gap;
        sorted[place].at = Math.min(sorted[place].at, below);
      }
      context.textAlign = "left";
      context.textBaseline = "middle";
      for (const end of sorted) {
        context.fillStyle = end.colour;
        context.fillText(end.text, x, end.at);
      }
    }

    function select(name) {
      selected = name;
      for (const row of byId("symbols").children) {
        const isSelected = row.dataset.symbol === name;
        row.setAttribute("aria-selected", String(isSelected));
        row.tabIndex = isSelected || (!name && !row.previousElementSibling) ? 0 : -1;
      }
      byId("all").setAttribute("aria-pressed", String(!name));
      byId("title").textContent = name ? "Symbol " + name : "All symbols";
      byId("about").textContent = name ? "price, and volume below it" : "change since the left edge";
      isDirty = true;
      show();
    }

    byId("symbols").onkeydown = event => {
      const rows = [...byId("symbols").children], place = rows.indexOf(document.activeElement);
      const letter = rows.find(row => row.dataset.symbol === event.key.toUpperCase());
      const last = rows.length - 1;
      const steps = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: last,
        Enter: place, " ": place };
      const row = letter || rows[Math.max(0, Math.min(last, steps[event.key] ?? NaN))];
      if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      select(row.dataset.symbol);
      row.focus();
    };
    document.onkeydown = event => { if (event.key === "Escape") select(null); };
    byId("all").onclick = () => select(null);
    byId("pause").onclick = () => {
      isPaused = !isPaused;
      byId("pause").setAttribute("aria-pressed", String(isPaused));
    };

    // Light or dark as the system has it, unless the reader chose.
    const dark = matchMedia("(prefers-color-scheme: dark)");
    function theme() {
      const choice = localStorage.getItem("theme"), isDark = choice ? choice === "dark" : dark.matches;
      document.documentElement.dataset.theme = isDark ? "dark" : "light";
      byId("theme").textContent = isDark ? "Light" : "Dark";
      const style = getComputedStyle(document.documentElement);
      const of = name => style.getPropertyValue(name).trim();
      colours = { grid: of("--grid"), faint: of("--faint"), line: of("--line"), column: of("--column") };
      for (let place = 0; place < 8; place += 1) colours[place] = of("--c" + place);
      again();
    }
    function again() { isDirty = market.messages > 0; show(); }
    byId("theme").onclick = () => {
      localStorage.setItem("theme", document.documentElement.dataset.theme === "dark" ? "light" : "dark");
      theme();
    };
    dark.onchange = theme;
    addEventListener("resize", again);

    function connect() {
      const socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/market");
      socket.binaryType = "arraybuffer";
      socket.onopen = () => { begin(); attempts = 0; setState("live", "live"); };
      socket.onmessage = event => {
        take(event.data);
        // What was sent was shown: the next may come. This is how the gateway knows how fast this browser is.
        setTimeout(() => { show(); socket.send("ready"); }, slow);
      };
      socket.onclose = event => {
        market.closed = event.code;
        const wait = Math.min(8, 2 ** attempts++);
        setState("gone", `closed (${event.code}), again in ${wait} s`);
        setTimeout(connect, wait * 1000);
      };
    }

    byId("pace").textContent = slow ? `a slow browser: ${slow} ms for each frame` : "";
    begin();
    theme();
    connect();
    """#
