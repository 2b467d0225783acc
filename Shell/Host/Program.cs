Console.WriteLine("kollect");
