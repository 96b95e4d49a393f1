// The run time of an exported course: cmi5 (Sandstone, 1st edition) in one file.
// <body data-unit="lesson" | "test" data-pass="0.7">
"use strict";
(() => {
	const query = new URLSearchParams(location.search);
	const endpoint = (query.get("endpoint") || "").replace(/\/?$/, "/");
	const actor = query.get("actor");
	const registration = query.get("registration");
	const activity = query.get("activityId");
	const began = Date.now();
	const verbs = "http://adlnet.gov/expapi/verbs/";
	let headers, template = {}, mastery = Number(document.body.dataset.pass), ended = false, mode = "Normal";
	let way = Promise.resolve(); // statements are sent one after the other

	const duration = () => `PT${((Date.now() - began) / 1000).toFixed(2)}S`;

	function send(verb, { result, categories = [], extensions = {}, last = false } = {}) {
		const context = structuredClone(template);
		context.registration = registration;
		context.contextActivities = context.contextActivities || {};
		context.contextActivities.category = [{ id: "https://w3id.org/xapi/cmi5/context/categories/cmi5" }, ...categories];
		context.extensions = { ...context.extensions, ...extensions };
		const statement = {
			id: crypto.randomUUID(), actor: JSON.parse(actor), verb: { id: verbs + verb, display: { en: verb } },
			object: { objectType: "Activity", id: activity }, context, timestamp: new Date().toISOString(),
		};
		if (result) statement.result = result;
		const go = () => fetch(endpoint + "statements", {
			method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(statement), keepalive: last,
		}).then((answer) => { if (!answer.ok) throw new Error(`${verb}: ${answer.status}`); });
		way = last ? go() : way.then(go);
		return way;
	}

	const moveOn = [{ id: "https://w3id.org/xapi/cmi5/context/categories/moveon" }];
	const done = () => send("completed", { result: { completion: true, duration: duration() }, categories: moveOn });

	function judge(score) {
		const success = score >= mastery;
		return send(success ? "passed" : "failed", {
			result: { success, score: { scaled: score }, duration: duration() }, categories: moveOn,
			extensions: { "https://w3id.org/xapi/cmi5/context/extensions/masteryscore": mastery },
		}).then(() => success);
	}

	function end() {
		if (ended || !headers) return;
		ended = true;
		send("terminated", { result: { duration: duration() }, last: true });
		const back = document.body.dataset.return;
		if (back) location.assign(back);
	}

	const plain = (s) => s.toLowerCase().replaceAll("ё", "е").replace(/[^\p{L}\p{N}]/gu, "");

	// mark is the share of a question that is answered rightly.
	function mark(field) {
		const right = JSON.parse(field.dataset.right);
		const values = [...field.querySelectorAll("input, select")].map((f) => f.type === "radio" || f.type === "checkbox" ? f.checked : f.value);
		switch (field.dataset.kind) {
			case "single": case "hotspot": return values.every((v, i) => v === right[i]) ? 1 : 0;
			case "multiple": {
				const hits = values.filter((v, i) => v && right[i]).length - values.filter((v, i) => v && !right[i]).length;
				return Math.max(0, hits) / right.filter(Boolean).length;
			}
			case "matching": case "ordering": return values.filter((v, i) => v === right[i]).length / right.length;
			case "numeric": return Math.abs(Number(values[0].replace(",", ".")) - right[0]) <= right[1] + 1e-9 && values[0].trim() ? 1 : 0;
			case "short": return right.some((r) => plain(r) === plain(values[0])) ? 1 : 0;
		}
		return 0;
	}

	function handIn(event) {
		event.preventDefault();
		const fields = [...document.querySelectorAll("fieldset[data-kind]")];
		let sum = 0;
		for (const field of fields) {
			const m = mark(field);
			sum += m;
			field.classList.toggle("right", m > 0.999);
			field.classList.toggle("wrong", m <= 0.999);
			const why = field.querySelector(".why");
			if (why) why.hidden = false;
		}
		const score = Math.round((sum / fields.length) * 1e4) / 1e4;
		event.target.querySelector("button").disabled = true;
		const say = document.querySelector("output");
		say.textContent = `${Math.round(score * 100)} %`;
		if (!headers || mode !== "Normal") return;
		judge(score).then((success) => success && done());
	}

	async function begin() {
		document.querySelector("form.test")?.addEventListener("submit", handIn);
		document.querySelector("button.read")?.addEventListener("click", (event) => {
			event.target.disabled = true;
			if (headers && mode === "Normal") done();
		});
		if (!query.get("fetch")) return; // opened without a learning management system: to read
		const token = await (await fetch(query.get("fetch"), { method: "POST" })).json();
		if (!token["auth-token"]) throw new Error(token["error-text"] || "no token");
		const sent = { Authorization: `Basic ${token["auth-token"]}`, "X-Experience-API-Version": "1.0.3" };
		const where = new URLSearchParams({ stateId: "LMS.LaunchData", activityId: activity, agent: actor, registration });
		const answer = await fetch(`${endpoint}activities/state?${where}`, { headers: sent });
		const launch = await answer.json();
		template = launch.contextTemplate || {};
		mode = launch.launchMode || "Normal";
		if (typeof launch.masteryScore === "number") mastery = launch.masteryScore;
		if (launch.returnURL) document.body.dataset.return = launch.returnURL;
		headers = sent;
		await send("initialized");
		addEventListener("pagehide", end);
		for (const button of document.querySelectorAll("button.leave")) {
			button.hidden = false;
			button.addEventListener("click", end);
		}
		document.body.dataset.ready = "";
	}

	begin().catch((error) => {
		const say = document.querySelector("output");
		if (say) say.textContent = String(error);
	});
})();
