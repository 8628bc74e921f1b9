// The schemas of the golden vectors, compiled by the plugin as a user's are: in a target without compiler
// flags.
