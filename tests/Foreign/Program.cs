using Acme.System.Models;
using Acme.System.Models.V1Beta1;

var gadget = Gadget.ReadJson("""
    {"apiVersion":"acme.example/v1beta1","kind":"Gadget","spec":{"mode":"lout","ports":[80,"http"],"labels":{"b":"2","a":"1"}}}
    """u8, out var problems);
foreach (var problem in problems)
    global::System.Console.WriteLine($"{problem.Kind} {problem.Path}: {problem.Message}");

ModelMap<string> labels = [.. gadget!.Spec!.Labels, new("c", "3")];
var loud = gadget with { Spec = gadget.Spec with { Mode = GadgetSpecMode.Loud, Labels = labels } };
global::System.Console.WriteLine(loud.ToJson());
global::System.Console.WriteLine(loud == Gadget.ReadJson(global::System.Text.Encoding.UTF8.GetBytes(loud.ToJson()), out _));
