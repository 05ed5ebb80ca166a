# Godot's own UPNP class. Godot passes no arguments to a script: its environment has them.
extends SceneTree

func _init():
	var port = int(OS.get_environment("PORT"))
	var upnp = UPNP.new()
	upnp.discover(2000, 2, "InternetGatewayDevice")
	var mapped = upnp.add_port_mapping(port, port, "godot", "UDP", 3600)
	if mapped == UPNP.UPNP_RESULT_SUCCESS:
		print("mapped")
		# GDScript reads no standard input.
		OS.execute("head", ["-n", "1"], true)
		upnp.delete_port_mapping(port, "UDP")
	else:
		print("UPNPResult ", mapped)
	quit()
