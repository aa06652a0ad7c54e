// The page of comparisons: countries where the address names some, otherwise two types or photos.

import "./share.js";

if (new URLSearchParams(location.search).has("countries")) await import("./versus.js");
else await import("./compare.js");
